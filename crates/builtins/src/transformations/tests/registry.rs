use crate::DataType;
use crate::transformations::predicates::PredicateValidation;
use crate::transformations::{
    Declaration, DeclaredClaim, DeclaredParameter, Presence, Slot, Transformation, all, find,
};
use quick_xml::events::{BytesStart, Event};

#[test]
fn methods_are_sorted_unique_and_found_in_any_letter_case() {
    let methods: Vec<&str> = all().iter().map(|it| it.method).collect();
    let mut sorted = methods.clone();
    sorted.sort_by_key(|it| it.to_ascii_lowercase());
    sorted.dedup_by_key(|it| it.to_ascii_lowercase());
    assert_eq!(methods, sorted);
    assert_eq!(methods.len(), 71, "the reference counts 71 methods");
    let undocumented = all().iter().filter(|it| !it.documented).count();
    assert_eq!(undocumented, 7, "and 64 of them are documented");
    for method in methods {
        assert_eq!(find(&method.to_uppercase()).map(|it| it.method), Some(method));
    }
    assert!(find("FormatString").is_none());
}

#[test]
fn every_method_has_a_page_with_an_example_and_three_cases() {
    for it in all() {
        let method = it.method;
        assert!(it.docs.starts_with(&format!("# {method}\n")), "{method}: the page begins with the name");
        assert!(it.docs.contains("## Example\n\n```xml\n<ClaimsTransformation "), "{method}: an example");
        assert!(it.docs.contains(&format!("TransformationMethod=\"{method}\"")), "{method}: the example is of it");
        assert!(it.docs.contains("## Without a value\n"), "{method}: says what an absent value does");
        assert!(it.vectors.matches("[[case]]").count() >= 3, "{method}: at least three cases");
        assert!(it.vectors.contains("error = "), "{method}: a case that fails");
    }
}

#[test]
fn names_are_resolved_to_slots() {
    let lookup = find("LookupValue").unwrap();
    assert_eq!(lookup.parameter("ERRORONFAILEDLOOKUP").unwrap().name, "errorOnFailedLookup");
    assert!(matches!(lookup.parameter("contoso.com").unwrap().presence, Presence::Variadic("")));
    assert_eq!(find("GetClaimsFromJsonArray").unwrap().input("jsonSourceClaim").unwrap().name, "jsonSource");
    let uri = find("BuildUri").unwrap();
    assert!(uri.input("query.x").is_some() && uri.input("fragment").is_none() && uri.output("x").is_none());
}

#[test]
fn prepared_transformations_can_be_shared_between_threads() {
    fn shareable<T: Send + Sync + Clone>() {}
    shareable::<crate::transformations::Prepared>();
}

#[test]
fn every_folder_is_listed() {
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/src/transformations");
    #[expect(clippy::disallowed_methods, reason = "a test about this folder has to look at it")]
    let entries = std::fs::read_dir(here).unwrap();
    let mut folders: Vec<String> = entries
        .map(|it| it.unwrap().path())
        .filter(|it| it.join("docs.md").exists() || it.join("vectors.toml").exists())
        .map(|it| it.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    let snake = |method: &str| {
        let mut name = String::new();
        for character in method.chars() {
            if character.is_ascii_uppercase() && !name.is_empty() {
                name.push('_');
            }
            name.push(character.to_ascii_lowercase());
        }
        name
    };
    let mut listed: Vec<String> = all().iter().map(|it| snake(it.method)).collect();
    listed.sort();
    assert_eq!(folders, listed);
}

#[test]
fn slots_have_distinct_names_and_some_type() {
    for it in all() {
        for (list, names) in [
            ("inputs", it.inputs.iter().map(|it| (it.name, it.types, it.presence)).collect::<Vec<_>>()),
            ("parameters", it.parameters.iter().map(|it| (it.name, it.types, it.presence)).collect()),
            ("outputs", it.outputs.iter().map(|it| (it.name, it.types, it.presence)).collect()),
        ] {
            for (index, (name, types, presence)) in names.iter().enumerate() {
                assert!(!types.documented.is_empty(), "{} {list} {name}", it.method);
                assert!(names.iter().skip(index + 1).all(|(other, ..)| !other.eq_ignore_ascii_case(name)));
                let last = index + 1 == names.len();
                assert!(last || !matches!(presence, Presence::Variadic(_)), "{} {list}: variadic is last", it.method);
            }
        }
    }
}

/// The example of a page, with each claim of the type that the method documents first.
fn example(transformation: &Transformation) -> Declaration {
    let (_, rest) = transformation.docs.split_once("```xml\n").unwrap();
    let (xml, _) = rest.split_once("```").unwrap();
    let mut declaration = Declaration { id: "Example".into(), ..Declaration::default() };
    let mut reader = quick_xml::Reader::from_str(xml);
    loop {
        match reader.read_event().unwrap() {
            Event::Empty(it) if it.name().as_ref() == "InputClaim" => {
                declaration.inputs.push(claim(transformation.inputs, &it));
            }
            Event::Empty(it) if it.name().as_ref() == "OutputClaim" => {
                declaration.outputs.push(claim(transformation.outputs, &it));
            }
            Event::Empty(it) => {
                let data_type = DataType::from_name(&attribute(&it, "DataType").unwrap()).unwrap();
                let (id, value) = (attribute(&it, "Id").unwrap(), attribute(&it, "Value").unwrap());
                declaration.parameters.push(DeclaredParameter::new(id, data_type, value));
            }
            Event::Eof => return declaration,
            _ => {}
        }
    }
}

fn claim(slots: &[Slot], element: &BytesStart<'_>) -> DeclaredClaim {
    let claim_type = attribute(element, "ClaimTypeReferenceId").unwrap();
    let name = attribute(element, "TransformationClaimType").unwrap_or(claim_type.clone());
    let slot = slots.iter().find(|it| it.name == name).or(slots.last()).unwrap();
    let mut claim = DeclaredClaim::new(name, claim_type, slot.types.usual());
    claim.predicate_validation = Some(PredicateValidation::default());
    claim
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).unwrap()?;
    Some(attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned())
}

#[test]
fn the_example_of_every_page_has_the_signature_and_prepares() {
    for it in all() {
        let declaration = example(it);
        assert_eq!(it.check(&declaration), [], "{}", it.method);
        it.prepare(&declaration).unwrap();
    }
}
