//! What the schema check says, and where. Each row is one slip in a small policy.

use std::collections::HashSet;

use wayfarer_diagnostics::{Diagnostics, Sources};
use wayfarer_syntax::grammar::{Content, ElementDecl, check_schema, declaration, declarations, parents_of, root};
use wayfarer_syntax::{Document, POLICY_NAMESPACE, parse};

fn read(text: &str) -> (Document, Diagnostics, Sources) {
    let mut sources = Sources::default();
    let file = sources.add("a.xml", text);
    let (document, mut diagnostics) = parse(file, text.into());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    check_schema(&document, &mut diagnostics);
    (document, diagnostics, sources)
}

/// A policy with `content` from line 2 on.
fn policy(content: &str) -> String {
    format!(
        "<TrustFrameworkPolicy xmlns=\"{POLICY_NAMESPACE}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         PolicySchemaVersion=\"0.3.0.0\" TenantId=\"contoso.onmicrosoft.com\" PolicyId=\"B2C_1A_Base\" \
         PublicPolicyUri=\"http://contoso.onmicrosoft.com/B2C_1A_Base\">\n{content}\n</TrustFrameworkPolicy>"
    )
}

#[track_caller]
fn check_whole(text: &str, expected: &[&str]) {
    let (_, diagnostics, sources) = read(text);
    let found: Vec<String> = diagnostics
        .iter()
        .map(|it| {
            let at = sources.start(it.primary.span);
            format!(
                "{}:{} {}: {} ({})",
                at.line,
                at.column,
                it.code,
                it.message,
                it.help.as_deref().unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(found, expected);
}

#[track_caller]
fn check(content: &str, expected: &[&str]) {
    check_whole(&policy(content), expected);
}

#[test]
fn the_root() {
    check("", &[]);
    check_whole(
        "<Policy/>",
        &["1:2 root-not-policy: the root element is `Policy`, not `TrustFrameworkPolicy` (a policy file holds one \
         `TrustFrameworkPolicy` element)"],
    );
    check_whole(
        "<TrustFrameworkPolicy xmlns='urn:x'/>",
        &["1:30 namespace-wrong: `TrustFrameworkPolicy` is in the namespace `urn:x`, not in that of policies (write \
         <TrustFrameworkPolicy xmlns=\"http://schemas.microsoft.com/online/cpim/schemas/2013/06\" …>)"],
    );
    check_whole(
        &format!("<TrustFrameworkPolicy xmlns='{POLICY_NAMESPACE}' PolicyId='a' TenantId='a.b' PublicPolicyUri=''/>"),
        &["1:2 required-attribute-missing: `TrustFrameworkPolicy` lacks its attribute `PolicySchemaVersion` (add \
         PolicySchemaVersion=\"…\": four digits with dots between, such as `0.3.0.0`)"],
    );
}

#[test]
fn elements_in_the_wrong_place() {
    check(
        "<UserJourneys><UserJourney Id='a'/></UserJourneys>\n<BuildingBlocks/>",
        &[
            "2:2 element-order: `UserJourneys` must come after `BuildingBlocks` (move it: the schema prescribes the order, \
         `UserJourneys` after `BuildingBlocks`)",
        ],
    );
    check(
        "<RelyingParty/>\n<BuildingBlocks/>\n<UserJourneys><UserJourney Id='a'/></UserJourneys>",
        &[
            "2:2 element-order: `RelyingParty` must come after `UserJourneys` (move it: the schema prescribes the order, \
         `RelyingParty` after `UserJourneys`)",
        ],
    );
    check(
        "<BuildingBlocks>\n<ClaimsProviders/></BuildingBlocks>",
        &[
            "3:2 element-not-allowed: `ClaimsProviders` is not allowed in `BuildingBlocks` (`ClaimsProviders` belongs in \
         `TrustFrameworkPolicy`)",
        ],
    );
    check(
        "<BuildingBlocks>\n<ClaimSchema/></BuildingBlocks>",
        &["3:2 element-not-allowed: `ClaimSchema` is not allowed in `BuildingBlocks` (did you mean `ClaimsSchema`?)"],
    );
    check(
        "<PolicyConstraints><Whatever/></PolicyConstraints>",
        &[
            "2:21 element-not-allowed: `Whatever` is not allowed in `PolicyConstraints` (`PolicyConstraints` holds `Inheritance` \
         and `RerouteRules`)",
        ],
    );
    check(
        "<BuildingBlocks/>\n<BuildingBlocks/>",
        &[
            "3:2 element-repeated: `TrustFrameworkPolicy` holds a second `BuildingBlocks` (remove one of the two, or move the \
         content of this one into the first)",
        ],
    );
    check(
        "<Contacts xmlns='urn:x'><Nope/></Contacts>",
        &[
            "2:2 namespace-wrong: `Contacts` is in the namespace `urn:x`, not in that of policies (remove the prefix, or the xmlns \
         attribute of this element)",
        ],
    );
    check(
        "<ClaimsProviders><ClaimsProvider/></ClaimsProviders>",
        &["2:19 required-element-missing: `ClaimsProvider` lacks its `TechnicalProfiles` (add `<TechnicalProfiles>`)"],
    );
}

#[test]
fn a_choice_is_of_one_kind() {
    let claim = |content: &str| {
        format!(
            "<BuildingBlocks><ClaimsSchema><ClaimType Id='a'>\n<Restriction>{content}</Restriction></ClaimType></ClaimsSchema></BuildingBlocks>"
        )
    };
    check(&claim(""), &[]);
    check(&claim("<Enumeration Text='' Value=''/><Enumeration Text='' Value=''/>"), &[]);
    check(
        &claim("<Pattern RegularExpression=''/><Enumeration Text='' Value=''/>"),
        &[
            "3:46 element-not-allowed: `Enumeration` can't stand beside `Pattern` (`Restriction` holds either `Enumeration` or `Pattern`)",
        ],
    );
    check(
        &claim("<Pattern RegularExpression=''/><Pattern RegularExpression=''/>"),
        &[
            "3:46 element-repeated: `Restriction` holds a second `Pattern` (remove one of the two, or move the content of this one \
         into the first)",
        ],
    );
}

#[test]
fn attributes_and_values() {
    let step = |attributes: &str| {
        format!(
            "<UserJourneys><UserJourney Id='a'><OrchestrationSteps>\n<OrchestrationStep {attributes}/></OrchestrationSteps></UserJourney></UserJourneys>"
        )
    };
    check(&step("Order=' 01 ' Type='SendClaims'"), &[]);
    check(
        &step("Order='1.0' Type='SendClaims'"),
        &[
            "3:27 value-invalid: `1.0` is not valid for `Order` (expected a whole number between -2147483648 and 2147483647)",
        ],
    );
    check(
        &step("Order='1' Type='SendClaim'"),
        &["3:36 enum-invalid: `SendClaim` is not valid for `Type` (did you mean `SendClaims`?)"],
    );
    check(
        &step("Order='1' type='SendClaims'"),
        &[
            "3:2 required-attribute-missing: `OrchestrationStep` lacks its attribute `Type` (add Type=\"…\": `ConsentScreen`, \
         `ClaimsProviderSelection`, `CombinedSignInAndSignUp`, `ClaimsExchange`, `ReviewScreen`, `SendClaims`, `GetClaims`, \
         `UserDialog`, `InvokeSubJourney` or `Noop`)",
            "3:30 attribute-unknown: `OrchestrationStep` has no attribute `type` (did you mean `Type`?)",
        ],
    );
    check(
        &step("Order='1' Type=' SendClaims'"),
        &["3:36 enum-invalid: ` SendClaims` is not valid for `Type` (remove the white space around `SendClaims`)"],
    );
    let profile = |content: &str| {
        format!(
            "<ClaimsProviders><ClaimsProvider><TechnicalProfiles><TechnicalProfile Id='a'>\n{content}</TechnicalProfile></TechnicalProfiles></ClaimsProvider></ClaimsProviders>"
        )
    };
    check(&profile("<IncludeInSso>\n true </IncludeInSso>"), &[]);
    check(
        &profile("<IncludeInSso>True</IncludeInSso>"),
        &["3:15 value-invalid: `True` is not valid for `IncludeInSso` (did you mean `true`?)"],
    );
    check(&profile("<IncludeInSso/>"), &["3:1 value-invalid: `IncludeInSso` is empty (expected `true` or `false`)"]);
    check(
        &profile("<DisplayName>a <b>c</b></DisplayName>"),
        &[
            "3:17 element-not-allowed: `b` is not allowed in `DisplayName` (`DisplayName` holds text only; write `&lt;` where the \
         character `<` is meant)",
        ],
    );
    check(&profile("<Extensions><x xmlns='urn:x' y='z'>t<TrustFrameworkPolicy/></x></Extensions>"), &[]);
    check(&profile("<Metadata><Item Key='a'>1</Item><Item Key='a'>2</Item></Metadata>"), &[]);
    check(
        "<BuildingBlocks xsi:nil='true' xsi:schemaLocation='a'/>",
        &["2:17 attribute-unknown: no element of a policy may be nil (remove it)"],
    );
    check(
        "<BasePolicy><TenantId>{Settings:Tenant}</TenantId><PolicyId>a.</PolicyId></BasePolicy>",
        &[
            "2:23 value-invalid: `{Settings:Tenant}` is not valid for `TenantId` (`{Settings:…}` stands for a value of a settings \
         file: check with --settings FILE)",
            "2:61 value-invalid: `a.` is not valid for `PolicyId` (expected letters, digits, `_`, `-` and `.`, no `.` at the end)",
        ],
    );
}

#[test]
fn text_where_none_may_be() {
    check(
        "<Contacts>\n  x y\n</Contacts>",
        &["3:3 stray-text: text is not allowed in `Contacts`: `x y` (remove it, or make it a comment: `<!-- … -->`)"],
    );
    check(
        "<RelyingParty><DefaultUserJourney ReferenceId='a'> </DefaultUserJourney></RelyingParty>",
        &[
            "2:51 empty-element-has-space: `DefaultUserJourney` must be empty, without white space (write `<DefaultUserJourney … />`)",
        ],
    );
    check("<RelyingParty><DefaultUserJourney ReferenceId='a'><!-- c --></DefaultUserJourney></RelyingParty>", &[]);
}

#[test]
fn keys() {
    let text = policy(
        "<ClaimsProviders><ClaimsProvider><TechnicalProfiles>\n<TechnicalProfile Id='a'/><TechnicalProfile Id='A'/>\
        </TechnicalProfiles></ClaimsProvider>\n<ClaimsProvider><TechnicalProfiles><TechnicalProfile Id='a'/></TechnicalProfiles>\
        </ClaimsProvider></ClaimsProviders>",
    );
    check_whole(
        &text,
        &["4:58 id-duplicate: two `TechnicalProfile` elements have the Id `a` (give one of them another Id: within \
         `ClaimsProviders` each `TechnicalProfile` needs its own)"],
    );
    let (_, diagnostics, sources) = read(&text);
    let found = diagnostics.iter().next().expect("a finding");
    assert_eq!(found.policy.as_deref(), Some("B2C_1A_Base"));
    let first = found.related.first().expect("the first place");
    assert_eq!(sources.place(first.span), "a.xml:3:23");
    check(
        "<UserJourneys><UserJourney Id='a'><OrchestrationSteps><OrchestrationStep Order='1' Type='Noop'/>\n\
        <OrchestrationStep Order='+01' Type='Noop'/></OrchestrationSteps></UserJourney></UserJourneys>",
        &[
            "3:27 id-duplicate: two `OrchestrationStep` elements have the Order `+01` (give one of them another Order: within \
         `OrchestrationSteps` each `OrchestrationStep` needs its own)",
        ],
    );
}

#[test]
fn findings_past_the_cap_are_counted() {
    let (_, diagnostics, _) = read(&policy(&"<Nope/>".repeat(1000)));
    assert_eq!(diagnostics.len(), 201);
    let last = diagnostics.iter().last().expect("a last finding");
    assert_eq!(last.message, "800 more findings in this file are left out");
}

#[test]
fn the_table_is_whole() {
    assert_eq!(declarations().next().map(|(parent, it)| (parent, it.name)), Some(("", root().name)));
    let mut types = HashSet::new();
    for (_, declaration) in declarations() {
        types.insert(std::ptr::from_ref(declaration.ty));
        let children = declaration.ty.children();
        assert!(children.len() <= 64, "the check counts the children of `{}` in 64 bits", declaration.name);
        let names: HashSet<_> = children.iter().map(|it| it.name).collect();
        assert_eq!(names.len(), children.len(), "`{}` declares a child twice", declaration.name);
        let attributes: HashSet<_> = declaration.ty.attributes.iter().map(|it| it.name).collect();
        assert_eq!(
            attributes.len(),
            declaration.ty.attributes.len(),
            "`{}` declares an attribute twice",
            declaration.name
        );
        for attribute in declaration.ty.attributes {
            assert!(
                attribute.default.is_none_or(|it| attribute.ty.accepts(it)),
                "a default is a value: {}",
                attribute.name
            );
        }
        for key in declaration.keys {
            let end = key.path.iter().try_fold(declaration.ty, |ty, name| ty.child(name).map(|it| it.ty));
            assert!(end.is_some_and(|it| it.attribute(key.attribute).is_some_and(|it| it.required)), "{}", key.name);
        }
    }
    let keys: usize = declarations().map(|(_, it)| it.keys.len()).sum();
    assert_eq!((types.len(), declarations().count(), keys), (154, 192, 18));
    let of = |ty: fn(&ElementDecl) -> bool| {
        declarations().filter(|(_, it)| ty(it)).map(|(_, it)| it.name).collect::<Vec<_>>()
    };
    assert_eq!(of(|it| matches!(it.ty.content, Content::Anything)), ["LoadUri"]);
    assert_eq!(of(|it| matches!(it.ty.content, Content::Skipped)), ["Extensions"]);
}

#[test]
fn the_table_answers_for_elements() {
    assert_eq!(parents_of("ClaimsExchange"), ["ClaimsExchanges"]);
    assert_eq!(parents_of("TrustFrameworkPolicy"), [] as [&str; 0]);
    let (document, ..) =
        read(&policy("<BuildingBlocks><Localization Enabled='true'/><Nope><Localization/></Nope></BuildingBlocks>"));
    let found: Vec<_> = document.elements().map(|it| declaration(it).map(|it| it.name)).collect();
    assert_eq!(found, [Some("TrustFrameworkPolicy"), Some("BuildingBlocks"), Some("Localization"), None, None]);
    let localization = document.elements().nth(2).and_then(declaration).expect("a declaration");
    assert!(localization.ty.attribute("Enabled").is_some_and(|it| !it.required));
    assert!(localization.ty.child("SupportedLanguages").is_some_and(|it| !it.occurrence.is_repeatable()));
}
