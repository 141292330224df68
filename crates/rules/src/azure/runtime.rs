//! What the service says while a journey runs.

use super::Template;

/// The messages of the reference "rules" 2. Those that are one of the numbered errors word by word are in `codes`.
pub(super) static TEMPLATES: &[Template] = &[
    Template {
        name: "first-step",
        pattern: "The user journey '{journey}' does not specify first step or the first step is not a claims exchange.",
        rules: &["client-credentials-first-step", "token-journey-ends"],
        meaning: "A journey that runs without a user, such as that of the client credentials grant, must begin with a `ClaimsExchange` step.",
        next: "let step 1 call a profile with `<Protocol Name=\"None\" />`",
        example: "The user journey 'ClientCredentialsJourney' does not specify first step or the first step is not a claims exchange., Exception Type:PolicyException",
    },
    Template {
        name: "subject-missing",
        pattern: "'{policy}' policy in '{tenant}' specifies the subject claim '{name}' which is missing in the claims collection.",
        rules: &["rp-subject-path", "rp-subject-unmapped"],
        meaning: "On the path that was taken no step gave the claim that becomes the token's subject, mostly `objectId`.",
        next: "`wayfarer preview` tells on which paths the claim is set",
        example: "'B2C_1A_signup_signin' policy in 'contoso.onmicrosoft.com' specifies the subject claim 'sub' which is missing in the claims collection.",
    },
    Template {
        name: "output-unfillable",
        pattern: "Output claim type \"{claim}\" specified in the technical profile with id \"{profile}\" {between}does not specify a UserInputType or a DefaultValue, and is not retrieved from a ValidationTechnicalProfile either.",
        rules: &["claim-without-user-input-type"],
        meaning: "A page is to output a claim that the user can't enter, that has no default, and that no validation profile returns.",
        next: "give the claim type a `UserInputType`, or take it out of the page's output claims",
        example: "Output claim type \"objectId\" specified in the technical profile with id \"SelfAsserted-Social\" in policy \"B2C_1A_x\" of tenant \"contoso.onmicrosoft.com\" does not specify a UserInputType or a DefaultValue, and is not retrieved from a ValidationTechnicalProfile either.",
    },
    Template {
        name: "transformation-input-missing",
        pattern: "A Claim of ClaimType with id \"{claim}\" was not found, which is required by the ClaimsTransformationImpl of Type \"{type}\" for TransformationMethod \"{method}\" referenced by the ClaimsTransformation with id \"{transformation}\"",
        rules: &["claims-transformation-null-input", "input-path-dependent"],
        meaning: "A claims transformation needs a claim that is not there on the path that was taken.",
        next: "set the claim on every path, or let a precondition skip the step",
        example: "A Claim of ClaimType with id \"dateOfBirth\" was not found, which is required by the ClaimsTransformationImpl of Type \"Web.TPEngine.PolicyEngine.X\" for TransformationMethod \"GetAge\" referenced by the ClaimsTransformation with id \"GetAgeOfUser\" in policy \"B2C_1A_x\"",
    },
    Template {
        name: "lookup-claim-missing",
        pattern: "A claim could not be found for lookup claim with id \"{claim}\" defined in technical profile with id \"{profile}\"",
        rules: &["input-path-dependent", "session-drops-claims"],
        meaning: "A directory profile looks users up by a claim that is not there on the path that was taken: the step that sets it was skipped, or the session dropped it.",
        next: "let the step depend on the claim (`ClaimsExist`), or set it on every path",
        example: "A claim could not be found for lookup claim with id \"objectId\" defined in technical profile with id \"AAD-UserReadUsingObjectId\"",
    },
    Template {
        name: "exchange-not-found",
        pattern: "User journey went into a bad state. Claims exchange with id '{exchange}' could not be found in orchestration step '{step}'",
        rules: &["exchange-not-chosen", "unresolved-claims-exchange", "session-drops-claims"],
        meaning: "A step with several exchanges ran without a selection that fits: none was made, or the session restored one of another step (AADB2C90304).",
        next: "let the step's preconditions skip it wherever the selection before it may be skipped",
        example: "AADB2C90304: User journey went into a bad state. Claims exchange with id '' could not be found in orchestration step '2'.",
    },
    Template {
        name: "collection-mismatch",
        pattern: "The data type '{actual}' of the claim with id '{value}' does not match the DataType '{type}' of ClaimType with id '{claim}' specified in the policy.",
        rules: &["collection-from-identity-provider"],
        meaning: "An identity provider or an API sends one value where the claim is a collection, or an array where it is none.",
        next: "change the claim's data type, or let the provider always send an array",
        example: "The data type 'String' of the claim with id 'groups' does not match the DataType 'StringCollection' of ClaimType with id 'g' specified in the policy.",
    },
    Template {
        name: "validation-failed",
        pattern: "Unable to validate the information provided.",
        rules: &["extension-attribute-type"],
        meaning: "A validation technical profile failed. With extension attributes: wrong data type, or application ids that are not those of `b2c-extensions-app`.",
        next: "turn on Application Insights: the trace holds the answer of the directory or the API",
        example: "Unable to validate the information provided.",
    },
    Template {
        name: "directory-write",
        pattern: "An error occurred while writing User claims using identifier claim type \"{claim}\"",
        rules: &["extension-attribute-type"],
        meaning: "The directory refused what a profile writes.",
        next: "compare the kind of sign-in name with the account types of the tenant, and the types of the attributes",
        example: "An error occurred while writing User claims using identifier claim type \"signInNames.userName\" in tenant 'x' 400/Request_BadRequest: One or more property values specified are invalid.",
    },
    Template {
        name: "page-missing",
        pattern: "A content definition data uri is required. Orchestration step '{step}' of user journey",
        rules: &["selection-without-content-definition", "unresolved-content-definition", "required-metadata"],
        meaning: "A step shows a page, and neither the step nor its technical profile names a content definition with a `DataUri`.",
        next: "set `ContentDefinitionReferenceId`",
        example: "A content definition data uri is required. Orchestration step '2' of user journey 'SignIn' does not reference one nor does one of its referenced technical profiles.",
    },
];
