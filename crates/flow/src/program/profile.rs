use super::journey::Compiler;
use super::{
    Argument, DefaultValue, Effect, Enabled, Profile, Returned, Row, Session, Transformation, Validation, WrittenClaim,
    Yields,
};
use crate::interned::ClaimId;
use std::rc::Rc;
use wayfarer_builtins::providers::{Caller, ProfileKind};
use wayfarer_builtins::resolvers::{
    JourneyKind, Namespace, Place, PlaceRule, Resolver, ResolvingFlag, parse, place_rule,
};
use wayfarer_builtins::transformations::{self, Null};
use wayfarer_model::{ClaimReference, Kind, Precondition, TechnicalProfile, Text};

/// Methods that may leave an output as it is, or clear it, although every input has a value; with the outputs that they
/// always set. Reference "claims transformations", the pages of the methods.
const MAY_LEAVE_UNSET: &[(&str, &[&str])] = &[
    ("CopyClaimIfPredicateMatch", &[]),
    ("GetClaimFromJson", &[]),
    ("GetClaimsFromJsonArray", &[]),
    ("GetClaimsFromJsonArrayV2", &[]),
    ("GetMappedValueFromLocalizedCollection", &[]),
    ("GetNumericClaimFromJson", &[]),
    ("GetSingleItemFromJson", &[]),
    ("GetSingleItemFromStringCollection", &[]),
    ("GetSingleValueFromJsonArray", &[]),
    ("LookupValue", &[]),
    ("SetClaimIfBooleansMatch", &[]),
    ("SetClaimsIfRegexMatch", &["regexCompareResultClaim"]),
    ("SetClaimsIfStringsAreEqual", &["stringCompareResultClaim"]),
    ("SetClaimsIfStringsMatch", &["stringCompareResultClaim"]),
];

/// A default under a name that only the policy knows: an identity provider and the directory know nothing of it, so the
/// default is its value. Public policies set `authenticationSource` and `identityProvider` so.
fn is_own_word(kind: &ProfileKind, row: &Row) -> bool {
    if row.default.is_none() || row.has_partner {
        return false;
    }
    match kind {
        ProfileKind::OAuth1
        | ProfileKind::OAuth2
        | ProfileKind::OpenIdConnect
        | ProfileKind::PasswordLogin
        | ProfileKind::SamlIdentityProvider => true,
        ProfileKind::Directory => {
            let name = row.partner.to_ascii_lowercase();
            !name.starts_with("extension_") && DIRECTORY_ATTRIBUTES.binary_search(&name.as_str()).is_err()
        }
        _ => false,
    }
}

/// The attributes of a user, in lower case (reference "technical-profiles", B4; documentation page
/// user-profile-attributes), sorted.
const DIRECTORY_ATTRIBUTES: &[&str] = &[
    "accountenabled",
    "agegroup",
    "alternativesecurityid",
    "alternativesecurityids",
    "city",
    "consentprovidedforminor",
    "country",
    "createddatetime",
    "creationtype",
    "dateofbirth",
    "department",
    "displayname",
    "email",
    "facsimiletelephonenumber",
    "givenname",
    "hasfullprofile",
    "immutableid",
    "islocaluser",
    "jobtitle",
    "legalagegroupclassification",
    "legalcountry",
    "mail",
    "mailnickname",
    "mobile",
    "netid",
    "objectid",
    "othermails",
    "password",
    "passwordpolicies",
    "physicaldeliveryofficename",
    "postalcode",
    "preferredlanguage",
    "refreshtokensvalidfromdatetime",
    "signinnames",
    "state",
    "streetaddress",
    "strongauthenticationalternativephonenumber",
    "strongauthenticationemailaddress",
    "strongauthenticationphonenumber",
    "surname",
    "telephonenumber",
    "termsofuseconsentchoice",
    "termsofuseconsentdatetime",
    "termsofuseconsentversion",
    "usagelocation",
    "useridentities",
    "userprincipalname",
    "userstate",
    "userstatechangedon",
    "usertype",
];

impl Compiler<'_> {
    pub(super) fn profile(&mut self, name: &str, caller: Caller) -> Option<Rc<Profile>> {
        let key = (name.to_ascii_lowercase(), caller);
        if let Some(known) = self.profiles.get(&key) {
            return known.clone();
        }
        // A validation profile that is its own validation profile ends here.
        self.profiles.insert(key.clone(), None);
        let read = self.policy.technical_profile(name).map(|it| Rc::new(self.read(&it, caller)));
        self.profiles.insert(key, read.clone());
        read
    }

    fn read(&mut self, profile: &TechnicalProfile, caller: Caller) -> Profile {
        let kind = profile.kind(Some(caller));
        let is_page = kind == ProfileKind::SelfAsserted;
        let flag = profile.resolving_flag();
        let inputs = profile.input_claims().map(|it| self.row(&it, &kind, Place::InputClaim, flag)).collect();
        let mut outputs: Vec<Row> =
            profile.output_claims().map(|it| self.row(&it, &kind, Place::OutputClaim, flag)).collect();
        let collects = if is_page { self.collects(profile, &outputs) } else { Vec::new() };
        for row in &mut outputs {
            row.returned = self.returned(profile, &kind, row, &collects);
        }
        let before: Vec<_> = profile.input_claims_transformations().collect();
        let after: Vec<_> = profile.output_claims_transformations().collect();
        Profile {
            id: profile.id().to_owned(),
            enabled: self.enabled(profile),
            before: before.into_iter().filter_map(|it| self.transformation(it)).collect(),
            inputs,
            outputs,
            collects,
            after: after.into_iter().filter_map(|it| self.transformation(it)).collect(),
            validations: if is_page { self.validations(profile) } else { Vec::new() },
            session: self.session(profile, &kind),
            kind,
        }
    }

    fn row(&mut self, row: &ClaimReference<'_>, kind: &ProfileKind, place: Place, flag: ResolvingFlag) -> Row {
        let claim = self.claims.intern(self.policy, row.claim_type.value);
        let partner = row.partner().map_or(row.claim_type.value, |it| it.value).to_owned();
        let default = row.default_value().and_then(|it| self.default(it, kind, place, flag, claim));
        Row {
            claim,
            partner,
            default,
            always_use_default: row.always_use_default_value(),
            required: row.required(),
            has_partner: row.partner().is_some(),
            span: row.claim_type.span,
            returned: Returned::Maybe,
        }
    }

    /// What a `DefaultValue` stands for.
    pub(super) fn default(
        &mut self,
        text: Text<'_>,
        kind: &ProfileKind,
        place: Place,
        flag: ResolvingFlag,
        claim: ClaimId,
    ) -> Option<DefaultValue> {
        let resolves = place_rule(kind, place, flag) == PlaceRule::Resolves;
        let resolver = parse(text.value);
        let resolves = resolves && resolver.is_evaluated(place);
        let yields = match resolver {
            Resolver::Claim { spec, name } if resolves && spec.namespace == Namespace::Claim => {
                Yields::Claim(self.claims.intern(self.policy, name))
            }
            Resolver::Claim { spec, .. } if resolves => match spec.namespace {
                _ if !spec.journeys.contains(&self.kind) => Yields::Never,
                Namespace::Context | Namespace::Culture | Namespace::Policy => Yields::Always,
                Namespace::Oidc if spec.text().eq_ignore_ascii_case("{OIDC:ClientId}") => Yields::Always,
                _ => Yields::Maybe,
            },
            // The call fails there; rules tell of it.
            Resolver::UnknownName { .. } if resolves => Yields::Maybe,
            Resolver::Braces { .. } if resolves => Yields::Always,
            _ => {
                // `DefaultValue=""` on a claim that is no text sets nothing.
                let data_type = self.claims.info(claim).data_type;
                let text_type = data_type.is_none_or(|it| it == wayfarer_builtins::DataType::String);
                return (text_type || !text.value.is_empty())
                    .then(|| DefaultValue::Literal(self.texts.intern(text.value)));
            }
        };
        Some(DefaultValue::Resolver { written: text.value.to_owned(), yields })
    }

    /// What a page asks for: its display claims, else its output claims, where the claim type has a control to fill in.
    fn collects(&mut self, profile: &TechnicalProfile, outputs: &[Row]) -> Vec<(ClaimId, bool)> {
        let shown = self.shown(profile);
        let mut rows = shown.unwrap_or_else(|| outputs.iter().map(|it| (it.claim, it.required)).collect());
        rows.retain(|(claim, _)| {
            let control = self.claims.info(*claim).control.as_deref();
            control.is_some_and(|it| !matches!(it, "Readonly" | "Paragraph"))
        });
        rows
    }

    /// What a page shows, where it lists display claims.
    fn shown(&mut self, profile: &TechnicalProfile) -> Option<Vec<(ClaimId, bool)>> {
        let mut shown = None;
        for row in profile.node().items("DisplayClaims", "DisplayClaim") {
            let list = shown.get_or_insert_with(Vec::new);
            if let Some(claim) = row.attribute("ClaimTypeReferenceId") {
                let required = row.attribute("Required").is_some_and(|it| it.value == "true");
                list.push((self.claims.intern(self.policy, claim.value), required));
            }
            let control = row.attribute("DisplayControlReferenceId");
            let Some(control) = control.and_then(|it| self.policy.get(Kind::DisplayControl, it.value)) else {
                continue;
            };
            let rows = ["DisplayClaims", "OutputClaims"].into_iter().flat_map(|list| {
                let item = if list == "DisplayClaims" { "DisplayClaim" } else { "OutputClaim" };
                control.as_ref().items(list, item)
            });
            for claim in rows.filter_map(|it| it.attribute("ClaimTypeReferenceId")) {
                list.push((self.claims.intern(self.policy, claim.value), true));
            }
        }
        shown
    }

    /// Whether the profile gives an output claim when it runs.
    fn returned(
        &self,
        profile: &TechnicalProfile,
        kind: &ProfileKind,
        row: &Row,
        collects: &[(ClaimId, bool)],
    ) -> Returned {
        if *kind == ProfileKind::SelfAsserted {
            // A password never leaves the page.
            let is_password = self.claims.info(row.claim).control.as_deref() == Some("Password");
            let collected = collects.iter().find(|(claim, _)| *claim == row.claim && !is_password);
            return collected
                .map_or(Returned::Never, |(_, required)| Returned::Entered { required: *required || row.required });
        }
        let always: &[&str] = match kind {
            // What the refresh token holds (reference "journeys", 8).
            ProfileKind::Setup if self.kind == JourneyKind::Refresh => &["objectId", "refreshTokenIssuedOnDateTime"],
            ProfileKind::ClaimsTransformation | ProfileKind::Setup => return Returned::Never,
            ProfileKind::OpenIdConnect => &["sub", "iss"],
            ProfileKind::PasswordLogin => &["oid", "sub", "tid", "upn", "userPrincipalName"],
            ProfileKind::Directory => self.directory_returns(profile),
            ProfileKind::PhoneFactor => &["Verified.OfficePhone"],
            _ => &[],
        };
        if is_own_word(kind, row) {
            return Returned::Never;
        }
        if row.required || always.iter().any(|it| it.eq_ignore_ascii_case(&row.partner)) {
            Returned::Always
        } else {
            Returned::Maybe
        }
    }

    /// A user that was written, or that must exist, has these.
    fn directory_returns(&self, profile: &TechnicalProfile) -> &'static [&'static str] {
        let is = |key: &str, value: &str| profile.metadata(key).is_some_and(|it| it.value.eq_ignore_ascii_case(value));
        if is("Operation", "Write") || is("RaiseErrorIfClaimsPrincipalDoesNotExist", "true") {
            &["objectId", "userPrincipalName"]
        } else {
            &[]
        }
    }

    fn enabled(&mut self, profile: &TechnicalProfile) -> Enabled {
        let claim = profile.metadata("ClaimTypeOnWhichToEnable");
        match (profile.enabled_for_user_journeys().map(|it| it.value), claim) {
            (Some("Never" | "false"), _) => Enabled::Never,
            (Some("OnClaimsExistence"), Some(claim)) if profile.metadata("ClaimValueOnWhichToEnable").is_none() => {
                Enabled::IfExists(self.claims.intern(self.policy, claim.value))
            }
            (Some(written), Some(_)) if written.starts_with("On") => Enabled::Perhaps,
            _ => Enabled::Always,
        }
    }

    fn validations(&mut self, profile: &TechnicalProfile) -> Vec<Validation> {
        let rows: Vec<_> = profile.node().items("ValidationTechnicalProfiles", "ValidationTechnicalProfile").collect();
        let mut validations = Vec::new();
        for row in rows {
            let Some(name) = row.attribute("ReferenceId") else { continue };
            let continue_on_error = row.attribute("ContinueOnError").is_some_and(|it| it.value == "true");
            let preconditions = row.items("Preconditions", "Precondition").map(|node| Precondition { node });
            let preconditions = preconditions.filter_map(|it| self.precondition(&it)).collect();
            if let Some(profile) = self.profile(name.value, Caller::ValidationTechnicalProfile) {
                validations.push(Validation { profile, preconditions, continue_on_error });
            }
        }
        validations
    }

    /// The session that may stand in for a call: where a user takes part, and the session keeps anything.
    fn session(&mut self, profile: &TechnicalProfile, kind: &ProfileKind) -> Option<Session> {
        if self.kind != JourneyKind::Authorize || !kind.is_interactive() {
            return None;
        }
        let name = profile.node().child("UseTechnicalProfileForSessionManagement")?.attribute("ReferenceId")?;
        let session = self.policy.technical_profile(name.value)?;
        let kind = session.kind(Some(Caller::SessionManagement));
        let keeps = matches!(kind, ProfileKind::SessionDefault | ProfileKind::SessionExternalLogin);
        keeps.then(|| {
            let persisted = session.node().items("PersistedClaims", "PersistedClaim");
            let persisted: Vec<_> = persisted.filter_map(|it| it.attribute("ClaimTypeReferenceId")).collect();
            let flag = session.resolving_flag();
            Session {
                profile: session.id().to_owned(),
                persisted: persisted.into_iter().map(|it| self.claims.intern(self.policy, it.value)).collect(),
                outputs: session.output_claims().map(|it| self.row(&it, &kind, Place::OutputClaim, flag)).collect(),
            }
        })
    }

    fn transformation(&mut self, name: Text<'_>) -> Option<Transformation> {
        let declared = self.policy.claims_transformation(name.value)?;
        let method = declared.method()?;
        let known = transformations::find(method.value);
        let clears = method.value.eq_ignore_ascii_case("NullClaim");
        let copies = method.value.eq_ignore_ascii_case("CopyClaim");
        let may_leave = MAY_LEAVE_UNSET.iter().find(|(name, _)| name.eq_ignore_ascii_case(method.value));
        let inputs: Vec<Argument> = declared
            .input_claims()
            .map(|it| Argument {
                claim: self.claims.intern(self.policy, it.claim_type.value),
                needed: known.and_then(|known| known.input(it.slot.value)).is_some_and(|it| it.null == Null::Error),
                span: it.claim_type.span,
            })
            .collect();
        let copied = inputs.first().filter(|_| copies).map(|it| it.claim);
        let outputs = declared.output_claims().map(|it| {
            let effect = match (clears, copied, may_leave, known) {
                (true, ..) => Effect::Clears,
                (_, Some(input), ..) => Effect::Copies(input),
                (_, _, Some((_, always)), _) if always.iter().any(|name| name.eq_ignore_ascii_case(it.slot.value)) => {
                    Effect::Sets
                }
                (_, _, None, Some(_)) => Effect::Sets,
                _ => Effect::MaySet,
            };
            WrittenClaim { claim: self.claims.intern(self.policy, it.claim_type.value), effect }
        });
        let outputs = outputs.collect();
        Some(Transformation {
            id: declared.id().to_owned(),
            method: method.value.to_owned(),
            span: declared.span(),
            inputs,
            outputs,
        })
    }
}
