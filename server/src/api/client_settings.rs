//! What a client is registered with, as the description has it.

use ostiary::client::ClientSettings;
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Array, RefOr,
        schema::{ObjectBuilder, Schema, SchemaType, Type},
    },
};

/// The schema of [`ClientSettings`]: its members and their defaults are taken from the settings themselves.
pub(super) struct Settings;

impl ToSchema for Settings {
    fn name() -> std::borrow::Cow<'static, str> {
        "ClientSettings".into()
    }
}

impl PartialSchema for Settings {
    fn schema() -> RefOr<Schema> {
        let about = "What a client is registered with; the names are those of RFC 7591 §2 where it has them. What is \
                     left out has its default.";
        let members = ClientSettings::default().members().into_iter();
        let object = members.fold(ObjectBuilder::new().description(Some(about)), |object, (name, default)| {
            object.property(name, member(default))
        });
        object.into()
    }
}

/// A setting of this default. What is absent by default is of a form that RFC 7591 tells, or null.
fn member(default: Value) -> Schema {
    let kind = match &default {
        Value::Bool(_) => Type::Boolean,
        Value::String(_) => Type::String,
        Value::Number(_) => Type::Integer,
        Value::Object(_) => Type::Object,
        Value::Array(_) => {
            let any = ObjectBuilder::new().schema_type(SchemaType::AnyValue);
            let mut list = Array::new(any.build());
            list.default = Some(default);
            return list.into();
        }
        Value::Null => return ObjectBuilder::new().schema_type(SchemaType::AnyValue).into(),
    };
    ObjectBuilder::new().schema_type(kind).default(Some(default)).into()
}
