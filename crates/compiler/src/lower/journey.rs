use super::Lowering;
use wayfarer_engine::plan::{Action, ClaimsExchange, Precondition, Step, Test};
use wayfarer_model::{self as model, StepType, UserJourney};

impl Lowering<'_> {
    /// The journey that the token issuer names; `Some(None)` where it names none: built-in behaviour.
    pub(super) fn client_credentials_journey(&mut self) -> Option<Option<UserJourney>> {
        let issuer = self.token_issuer()?;
        let Some(name) = issuer.client_credentials_journey() else { return Some(None) };
        let journey = self.policy.user_journey(name.value);
        if journey.is_none() {
            let message = format!(
                "`{}` names `{}`, and there is no such user journey",
                model::CLIENT_CREDENTIALS_JOURNEY,
                name.value
            );
            self.error("unresolved-metadata-journey", name.span, message)
                .help("declare the user journey, or correct the name");
        }
        journey.map(Some)
    }

    pub(super) fn default_journey(&mut self) -> Option<UserJourney> {
        let relying_party = self.policy.relying_party();
        let name = relying_party.as_ref().and_then(|it| it.default_user_journey());
        let journey = name.and_then(|it| self.policy.user_journey(it.value));
        if journey.is_none() {
            let span = name.map_or_else(|| self.policy.span(), |it| it.span);
            let message = "the policy has no default user journey".to_owned();
            self.error("unresolved-user-journey", span, message).help("name a user journey in `DefaultUserJourney`");
        }
        journey
    }

    pub(super) fn steps(&mut self, journey: &UserJourney) -> Vec<Step> {
        let mut steps = Vec::new();
        for step in journey.steps() {
            let action = self.action(journey, &step);
            let preconditions = step.preconditions().filter_map(|it| self.precondition(&it)).collect();
            let order = step.number().and_then(|it| u32::try_from(it).ok());
            if order.is_none() {
                self.broken(step.node, "Order");
            }
            if let Some((action, order)) = action.zip(order) {
                steps.push(Step { order, preconditions, action, span: step.span() });
            }
        }
        steps
    }

    fn action(&mut self, journey: &UserJourney, step: &model::OrchestrationStep<'_>) -> Option<Action> {
        let Some(step_type) = step.step_type() else {
            self.broken(step.node, "Type");
            return None;
        };
        match step_type {
            StepType::Noop => Some(Action::Noop),
            StepType::ClaimsExchange => {
                let exchanges: Vec<_> = step.claims_exchanges().collect();
                Some(Action::ClaimsExchange(exchanges.into_iter().filter_map(|it| self.exchange(&it)).collect()))
            }
            StepType::SendClaims => self.send_claims(journey, step).map(Action::SendClaims),
            other => {
                let message = format!("a `{}` step can't be run yet", other.as_str());
                self.not_yet(step.span(), message).label("not run");
                None
            }
        }
    }

    fn exchange(&mut self, exchange: &model::ClaimsExchange<'_>) -> Option<ClaimsExchange> {
        let Some(profile) = self.policy.technical_profile(exchange.technical_profile.value) else {
            let message = format!("no `TechnicalProfile` declares `{}`", exchange.technical_profile.value);
            self.error("unresolved-technical-profile", exchange.technical_profile.span, message);
            return None;
        };
        let profile = self.profile(&profile)?;
        Some(ClaimsExchange { id: exchange.id.value.to_owned(), profile })
    }

    fn precondition(&mut self, precondition: &model::Precondition<'_>) -> Option<Precondition> {
        let Some(kind) = precondition.kind() else {
            self.broken(precondition.node, "Type");
            return None;
        };
        let values = precondition.values();
        let claim_of = |it: &model::Text<'_>| {
            // Ids compare without case; a claim type that does not exist can never be in the bag.
            self.policy.claim_type(it.value).map_or_else(|| it.value.to_owned(), |it| it.id().to_owned())
        };
        let test = match (kind.value, &values[..]) {
            ("ClaimsExist", [claim]) => Test::ClaimsExist(claim_of(claim)),
            ("ClaimEquals", [claim, literal]) => Test::ClaimEquals(claim_of(claim), literal.value.to_owned()),
            ("ClaimsExist" | "ClaimEquals", _) => {
                let needed =
                    if kind.value == "ClaimsExist" { "one `Value`, a claim" } else { "two: a claim and a literal" };
                let message = format!("`{}` needs {needed}; here are {}", kind.value, values.len());
                self.error("precondition-arity", kind.span, message).help("give each precondition its values");
                return None;
            }
            _ => {
                self.broken(precondition.node, "Type");
                return None;
            }
        };
        Some(Precondition { test, execute_actions_if: precondition.execute_actions_if() })
    }
}
