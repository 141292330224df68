use super::*;
use crate::token::IssuanceClaimPattern;

fn of<'a>(style: UrlStyle, claims: &'a [String]) -> Discovery<'a> {
    let issuer = Issuer {
        origin: "https://contoso.b2clogin.com",
        tenant_id: "aaaabbbb-0000-cccc-1111-dddd2222eeee".parse().unwrap(),
        policy_id: "B2C_1A_SUSI",
        pattern: IssuanceClaimPattern::AuthorityAndTenantGuid,
    };
    Discovery { issuer, tenant_segment: "contoso.onmicrosoft.com", style, user_info: UserInfo::Absent, claims }
}

/// The whole document of `endpoints.md` 1.3, written by hand.
#[test]
fn path_style_document() {
    let claims = ["name".to_owned(), "sub".to_owned(), "acr".to_owned()];
    let expected = concat!(
        r#"{"issuer":"https://contoso.b2clogin.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0/","#,
        r#""authorization_endpoint":"https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1a_susi/oauth2/v2.0/authorize","#,
        r#""token_endpoint":"https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1a_susi/oauth2/v2.0/token","#,
        r#""end_session_endpoint":"https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1a_susi/oauth2/v2.0/logout","#,
        r#""jwks_uri":"https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1a_susi/discovery/v2.0/keys","#,
        r#""response_modes_supported":["query","fragment","form_post"],"#,
        r#""response_types_supported":["code","code id_token","code token","code id_token token","id_token","id_token token","token","token id_token"],"#,
        r#""scopes_supported":["openid"],"subject_types_supported":["pairwise"],"#,
        r#""id_token_signing_alg_values_supported":["RS256"],"#,
        r#""token_endpoint_auth_methods_supported":["client_secret_post","client_secret_basic"],"#,
        r#""claims_supported":["name","sub","acr","iss","iat","exp","aud","nonce","auth_time"]}"#
    );
    assert_eq!(Value::Object(discovery(&of(UrlStyle::Path, &claims))).to_string(), expected);
}

#[test]
fn query_style_urls_and_user_info() {
    let document = discovery(&Discovery { user_info: UserInfo::Declared, ..of(UrlStyle::Query, &[]) });
    let base = "https://contoso.b2clogin.com/contoso.onmicrosoft.com";
    assert_eq!(document["jwks_uri"], format!("{base}/discovery/v2.0/keys?p=b2c_1a_susi"));
    assert_eq!(document["token_endpoint"], format!("{base}/oauth2/v2.0/token?p=b2c_1a_susi"));
    assert_eq!(document.keys().position(|name| name == "userinfo_endpoint"), Some(5));
}
