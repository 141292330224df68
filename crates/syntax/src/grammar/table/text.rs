//! Elements that hold text of a simple type and have no attributes.

use crate::grammar::{Type, simple};

pub(crate) static ANY_URI: Type = Type::text("", &[], &simple::ANY_URI);
pub(crate) static BOOLEAN: Type = Type::text("", &[], &simple::BOOLEAN);
pub(crate) static CONTENT_URI: Type = Type::text("", &[], &simple::CONTENT_URI);
pub(crate) static CULTURE: Type = Type::text("", &[], &simple::CULTURE);
pub(crate) static DATA_TYPE: Type = Type::text("", &[], &simple::DATA_TYPE);
pub(crate) static ENABLED_FOR_USER_JOURNEYS_VALUES: Type =
    Type::text("", &[], &simple::ENABLED_FOR_USER_JOURNEYS_VALUES);
pub(crate) static ERROR_HANDLING_ACTION: Type = Type::text("", &[], &simple::ERROR_HANDLING_ACTION);
pub(crate) static ERROR_RESPONSE_FORMAT: Type = Type::text("", &[], &simple::ERROR_RESPONSE_FORMAT);
pub(crate) static INT: Type = Type::text("", &[], &simple::INT);
pub(crate) static NONEMPTY_STRING: Type = Type::text("", &[], &simple::NONEMPTY_STRING);
pub(crate) static POLICY_ID: Type = Type::text("", &[], &simple::POLICY_ID);
pub(crate) static PRECONDITION_ACTION_TYPE: Type = Type::text("", &[], &simple::PRECONDITION_ACTION_TYPE);
pub(crate) static SCRIPT_EXECUTION_TYPE: Type = Type::text("", &[], &simple::SCRIPT_EXECUTION_TYPE);
pub(crate) static SESSION_EXPIRY_TYPE: Type = Type::text("", &[], &simple::SESSION_EXPIRY_TYPE);
pub(crate) static STRING: Type = Type::text("", &[], &simple::STRING);
pub(crate) static TENANT_ID: Type = Type::text("", &[], &simple::TENANT_ID);
pub(crate) static TOKEN_FORMAT: Type = Type::text("", &[], &simple::TOKEN_FORMAT);
pub(crate) static USER_INPUT_TYPE: Type = Type::text("", &[], &simple::USER_INPUT_TYPE);
