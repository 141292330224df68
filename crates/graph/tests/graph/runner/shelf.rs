use std::sync::Mutex;

use wayfarer_graph::{Policies, PolicyError, Put, Upload};

/// Policies in memory, under rules that a test can break: a text with `<Unknown/>` breaks two of them, and a base is whom a
/// `BasePolicy` names.
#[derive(Default)]
pub struct Shelf {
    policies: Mutex<Vec<(String, Vec<u8>)>>,
}

fn base_of(text: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(text);
    let (_, rest) = text.split_once("<BasePolicy><PolicyId>")?;
    rest.split_once('<').map(|(id, _)| id.to_owned())
}

impl Policies for Shelf {
    fn list(&self) -> Result<Vec<String>, PolicyError> {
        Ok(self.policies.lock().unwrap().iter().map(|(id, _)| id.clone()).collect())
    }

    fn read(&self, id: &str) -> Result<Option<Vec<u8>>, PolicyError> {
        let policies = self.policies.lock().unwrap();
        Ok(policies.iter().find(|(it, _)| it.eq_ignore_ascii_case(id)).map(|(_, text)| text.clone()))
    }

    fn put(&self, id: &str, xml: &[u8], upload: Upload) -> Result<Put, PolicyError> {
        let mut policies = self.policies.lock().unwrap();
        let text = String::from_utf8_lossy(xml);
        if text.contains("<Unknown/>") {
            let messages = ["one", "two"].map(|it| format!("Problem {it} of policy \"{id}\"."));
            return Err(PolicyError::Invalid { messages: messages.into() });
        }
        if text.contains("<Unreadable/>") {
            return Err(PolicyError::Unavailable { detail: "/srv/policies is gone".to_owned() });
        }
        match policies.iter_mut().find(|(it, _)| it.eq_ignore_ascii_case(id)) {
            Some(_) if upload == Upload::Create => Err(PolicyError::Exists),
            Some((_, text)) => {
                *text = xml.to_vec();
                Ok(Put::Replaced)
            }
            None => {
                policies.push((id.to_owned(), xml.to_vec()));
                Ok(Put::Created)
            }
        }
    }

    fn delete(&self, id: &str) -> Result<(), PolicyError> {
        let mut policies = self.policies.lock().unwrap();
        let is_child = |text: &[u8]| base_of(text).is_some_and(|base| base.eq_ignore_ascii_case(id));
        let by: Vec<String> = policies.iter().filter(|(_, text)| is_child(text)).map(|(id, _)| id.clone()).collect();
        let Some(at) = policies.iter().position(|(it, _)| it.eq_ignore_ascii_case(id)) else {
            return Err(PolicyError::NotFound);
        };
        if !by.is_empty() {
            return Err(PolicyError::Inherited { by });
        }
        policies.remove(at);
        Ok(())
    }
}
