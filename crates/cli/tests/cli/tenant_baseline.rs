//! `wayfarer check --tenant DIR`: references to what a tenant has, judged by its `baseline.toml`.

use crate::sandbox::Sandbox;

const TENANT: &str = "name = \"contoso.onmicrosoft.com\"\nid = \"775527ff-9a37-4307-8b3d-cc311f58d925\"\nhosts = [\"contoso.b2clogin.com\"]\n";
const CLIENT: &str = "11111111-1111-1111-1111-111111111111";
const OBJECT: &str = "22222222-2222-2222-2222-222222222222";

fn baseline() -> String {
    format!(
        "policy_keys = [\"B2C_1A_FacebookSecret\"]\n[extensions_app]\nclient_id = \"{CLIENT}\"\nobject_id = \"{OBJECT}\"\n\
         [extension_attributes]\nloyaltyNumber = \"Integer\"\n"
    )
}

/// A policy with one claim type of that data type, and one profile with that key and these ids; each on a line of its own.
fn policy(data_type: &str, key: &str, client: &str, object: &str) -> String {
    format!(
        "<TrustFrameworkPolicy xmlns=\"http://schemas.microsoft.com/online/cpim/schemas/2013/06\"
  PolicySchemaVersion=\"0.3.0.0\" TenantId=\"contoso.onmicrosoft.com\" PolicyId=\"B2C_1A_P\"
  PublicPolicyUri=\"http://contoso.onmicrosoft.com/B2C_1A_P\">
<BuildingBlocks><ClaimsSchema><ClaimType Id=\"extension_loyaltyNumber\"><DisplayName>N</DisplayName>
<DataType>{data_type}</DataType>
</ClaimType></ClaimsSchema></BuildingBlocks>
<ClaimsProviders><ClaimsProvider><DisplayName>D</DisplayName><TechnicalProfiles>
<TechnicalProfile Id=\"AAD-Common\"><DisplayName>D</DisplayName>
<Protocol Name=\"Proprietary\" Handler=\"Web.TPEngine.Providers.AzureActiveDirectoryProvider, Web.TPEngine\" />
<Metadata>
<Item Key=\"ClientId\">{client}</Item>
<Item Key=\"ApplicationObjectId\">{object}</Item>
</Metadata>
<CryptographicKeys>
<Key Id=\"issuer_secret\" StorageReferenceId=\"{key}\" />
</CryptographicKeys>
</TechnicalProfile></TechnicalProfiles></ClaimsProvider></ClaimsProviders>
</TrustFrameworkPolicy>
"
    )
}

const RULES: &str = "unresolved-policy-key,extensions-app-mismatch,extension-attribute-type,suppression-unused";

#[test]
fn what_the_tenant_does_not_have_is_told() {
    let sandbox = Sandbox::new();
    sandbox.write("tenant/tenant.toml", TENANT);
    sandbox.write("tenant/baseline.toml", baseline());
    let tenant = sandbox.path("tenant").display().to_string();
    let key = "error[unresolved-policy-key] tenant `contoso.onmicrosoft.com` has no policy key";
    let other = |item: &str, what: &str| {
        format!(
            "error[extensions-app-mismatch] `{item}` is not the {what} of the extensions app of tenant `contoso.onmicrosoft.com`\n"
        )
    };
    for (policy, expected) in [
        (policy("int", "B2C_1A_FacebookSecret", CLIENT, OBJECT), String::new()),
        (policy("int", "b2c_1a_facebooksecret", CLIENT, OBJECT), String::new()),
        (policy("int", "B2C_1A_FacebookSecrt", CLIENT, OBJECT), format!("15:45: {key} `B2C_1A_FacebookSecrt`\n")),
        (
            policy("int", "B2C_1A_FacebookSecret", OBJECT, CLIENT),
            format!(
                "11:22: {}12:33: {}",
                other("ClientId", "application (client) id"),
                other("ApplicationObjectId", "object id")
            ),
        ),
        (
            policy("string", "B2C_1A_FacebookSecret", CLIENT, OBJECT),
            "5:11: warning[extension-attribute-type] extension attribute `loyaltyNumber` of tenant `contoso.onmicrosoft.com` is no `string`\n"
                .to_owned(),
        ),
        // A data type without an equal in the directory.
        (policy("stringCollection", "B2C_1A_FacebookSecret", CLIENT, OBJECT), String::new()),
    ] {
        let path = sandbox.write("set/policy.xml", policy);
        let check = |more: &[&str]| {
            sandbox.wayfarer(&[&["check", &path, "--format", "concise", "--select", RULES], more].concat())
        };
        assert_eq!(check(&["--tenant", &tenant]).stdout.replace(&format!("{path}:"), ""), expected);
        assert_eq!(check(&[]).fine(), "", "silent without a tenant");
        sandbox.write("set/wayfarer.toml", "tenant = \"../tenant\"");
        assert_eq!(check(&[]).stdout.replace(&format!("{path}:"), ""), expected, "named by the configuration");
        std::fs::remove_file(sandbox.path("set/wayfarer.toml")).unwrap();
    }
}

#[test]
fn a_suppression_is_not_called_unused_without_the_tenant() {
    let sandbox = Sandbox::new();
    sandbox.write("tenant/tenant.toml", TENANT);
    sandbox.write("tenant/baseline.toml", baseline());
    let tenant = sandbox.path("tenant").display().to_string();
    let text = policy("int", "B2C_1A_New", CLIENT, OBJECT);
    let text =
        text.replace("<CryptographicKeys>", "<!-- wayfarer: allow unresolved-policy-key -->\n<CryptographicKeys>");
    let path = sandbox.write("policy.xml", text);
    for more in [&["--tenant", &tenant][..], &[]] {
        let arguments = [&["check", &path, "--format", "concise", "--select", RULES], more].concat();
        assert_eq!(sandbox.wayfarer(&arguments).fine(), "", "{more:?}");
    }
}

#[test]
fn a_baseline_that_says_nothing_judges_nothing_and_one_that_is_wrong_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("tenant/tenant.toml", TENANT);
    let path = sandbox.write("policy.xml", policy("string", "B2C_1A_X", OBJECT, CLIENT));
    let tenant = sandbox.path("tenant").display().to_string();
    let check = |tenant: &str| sandbox.wayfarer(&["check", &path, "--select", RULES, "--tenant", tenant]);
    check(&tenant).refused(2, &["holds no `baseline.toml`", "policy_keys = [\"B2C_1A_Key\"]"]);
    sandbox.write("tenant/baseline.toml", "");
    check(&tenant).fine();
    for (text, message) in [
        ("policy_key = []", "baseline.toml:1:1: unknown field `policy_key`, expected one of `policy_keys`"),
        ("[extension_attributes]\na = \"string\"", "baseline.toml:2:5: unknown variant `string`"),
        ("[extensions_app]\nclient_id = \"x\"", "baseline.toml:2:13"),
    ] {
        sandbox.write("tenant/baseline.toml", text);
        check(&tenant).refused(2, &[message]);
    }
    check("nowhere").refused(2, &["`nowhere` is not a folder"]);
}

#[test]
fn our_own_policies_have_what_contoso_has() {
    let ended = Sandbox::new().wayfarer(&["check", "policies", "--tenant", "fixtures/contoso", "--select", RULES]);
    assert_eq!(ended.fine(), "no problems in 6 files\n");
}
