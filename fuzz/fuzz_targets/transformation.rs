//! A method, and anything for its inputs, parameters, data types and localized texts: the call ends, and what it sets is
//! of the declared types and can be shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wayfarer_builtins::Secret;
use wayfarer_builtins::transformations::{Env, Options, Output};
use wayfarer_fuzz::Call;

fuzz_target!(|data: &[u8]| {
    let call = Call::read(data);
    for problem in call.transformation.check(&call.declaration) {
        assert!(!problem.to_string().is_empty());
    }
    let prepared = match call.transformation.prepare(&call.declaration) {
        Ok(prepared) => prepared,
        Err(error) => return assert!(!error.reason().is_empty()),
    };
    let env = Env {
        now: jiff::Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(24 * 365 * 54),
        random: &|bytes| bytes.fill(7),
        technical_profile: "Profile",
        relying_party_tenant: "contoso.onmicrosoft.com",
        trust_framework_tenant: "contoso.onmicrosoft.com",
        authenticator_issuer: "Contoso demo",
        keys: &|_| Some(Secret::new("secret")),
        localization: &call.texts,
        options: Options::default(),
        remark: &|_| {},
    };
    match prepared.run(&call.values, &env) {
        Ok(outputs) => {
            assert_eq!(outputs.len(), call.declaration.outputs.len());
            for (declared, output) in call.declaration.outputs.iter().zip(&outputs) {
                let Output::Set(value) = output else { continue };
                assert_eq!(value.data_type(), declared.data_type, "{}", declared.slot);
                let _ = (value.to_text(), value.to_json().to_string(), value.to_token_json());
            }
        }
        Err(error) => assert!(!error.reason().is_empty() && !error.code().is_empty()),
    }
});
