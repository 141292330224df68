//! The patterns of the schema, each as a function over the whole value.

use super::word::is_word;

/// `[a-z]{1,3}(-[a-zA-Z0-9]{2,4}){0,2}`
pub(super) fn culture(value: &str) -> bool {
    let mut parts = value.split('-');
    let language = parts.next().unwrap_or_default();
    let good = (1..=3).contains(&language.len()) && language.bytes().all(|it| it.is_ascii_lowercase());
    let mut more = 0;
    good && parts.all(|part| {
        more += 1;
        more <= 2 && (2..=4).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_alphanumeric())
    })
}

/// `[A-Za-z0-9\.]{3,63}`
pub(super) fn tenant_id(value: &str) -> bool {
    (3..=63).contains(&value.len()) && value.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'.')
}

/// `([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}`
pub(super) fn guid(value: &str) -> bool {
    let is_digit = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    value.len() == 36 && value.bytes().enumerate().all(is_digit)
}

/// `[A-Za-z0-9_\-\.]*[A-Za-z0-9_\-]+`
pub(super) fn policy_id(value: &str) -> bool {
    let legal = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.');
    !value.is_empty() && !value.ends_with('.') && value.bytes().all(legal)
}

/// `[A-Za-z0-9_\-{}\.]*[A-Za-z0-9_\-{}]+`
pub(super) fn policy_id_pattern(value: &str) -> bool {
    let legal = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.' | b'{' | b'}');
    !value.is_empty() && !value.ends_with('.') && value.bytes().all(legal)
}

/// `[0-9][.][0-9][.][0-9][.][0-9]`
pub(super) fn four_part_version(value: &str) -> bool {
    value.len() == 7 && is_version(value)
}

/// `[0-9][.][0-9][.][0-9]`
pub(super) fn three_part_version(value: &str) -> bool {
    value.len() == 5 && is_version(value)
}

fn is_version(value: &str) -> bool {
    value.bytes().enumerate().all(|(at, it)| if at % 2 == 1 { it == b'.' } else { it.is_ascii_digit() })
}

/// `(http://|https://|~/)([…]+/)*([…]+/?)` or `urn:[a-z0-9][a-z0-9\-]{0,31}:[…]+`. In the schema as Microsoft publishes
/// it, both stand between `^` and `$`.
pub(super) fn content_uri(value: &str) -> bool {
    let path = ["http://", "https://", "~/"].iter().find_map(|it| value.strip_prefix(it));
    path.is_some_and(segments) || value.strip_prefix("urn:").is_some_and(urn)
}

fn segments(path: &str) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').all(|segment| !segment.is_empty() && segment.chars().all(is_segment_char))
}

fn is_segment_char(c: char) -> bool {
    is_word(c) || ".,@?^=%&:~+#_$-!’();".contains(c)
}

fn urn(rest: &str) -> bool {
    let Some((namespace, specific)) = rest.split_once(':') else { return false };
    let lower = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit();
    (1..=32).contains(&namespace.len())
        && !namespace.starts_with('-')
        && namespace.bytes().all(|it| lower(it) || it == b'-')
        && !specific.is_empty()
        && specific.bytes().all(|it| lower(it) || b"()+,/-.:=@;$_!*'%?#".contains(&it))
}
