//! Phone numbers by shape, and country calling codes (ITU-T E.164) by region (ISO 3166-1). The service accepts numbers
//! that no numbering plan has, so nothing here asks whether a number can exist.

/// A phone number's digits, and whether a `+` stood before them. `-`, `(`, `)` and blanks don't count.
pub(crate) struct Written {
    pub international: bool,
    pub digits: String,
}

/// Reads 4 to 16 digits with an optional `+`; `None` for anything else.
pub(crate) fn read(text: &str) -> Option<Written> {
    // Longer texts are no phone numbers, however many blanks they have.
    if text.len() > 256 {
        return None;
    }
    let kept: String = text.chars().filter(|it| !matches!(it, '-' | '(' | ')' | ' ')).collect();
    let (international, digits) = kept.strip_prefix('+').map_or((false, kept.as_str()), |it| (true, it));
    let shaped = (4..=16).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
    shaped.then(|| Written { international, digits: digits.to_owned() })
}

/// The calling code of a region, in any letter case.
pub(crate) fn of_region(region: &str) -> Option<u16> {
    REGIONS.iter().find(|(it, _)| it.eq_ignore_ascii_case(region)).map(|(_, code)| *code)
}

/// Splits the digits of an international number into calling code and national number.
pub(crate) fn split(digits: &str) -> Option<(u16, &str)> {
    let known = |code: u16| GLOBAL.contains(&code) || REGIONS.iter().any(|(_, it)| *it == code);
    (1..=3).rev().find_map(|length| {
        let code = digits.get(..length)?.parse().ok().filter(|it| known(*it))?;
        digits.get(length..).filter(|it| !it.is_empty()).map(|national| (code, national))
    })
}

/// The region of a calling code: of several that share it the main one, and none for the codes of global services.
pub(crate) fn main_region(code: u16) -> Option<&'static str> {
    let main = SHARED.iter().find(|(it, _)| *it == code).map(|(_, region)| *region);
    main.or_else(|| REGIONS.iter().find(|(_, it)| *it == code).map(|(region, _)| *region))
}

/// The main region of each code that several share.
const SHARED: &[(u16, &str)] = &[
    (1, "US"),
    (7, "RU"),
    (39, "IT"),
    (44, "GB"),
    (47, "NO"),
    (61, "AU"),
    (212, "MA"),
    (262, "RE"),
    (290, "SH"),
    (358, "FI"),
    (590, "GP"),
    (599, "CW"),
];

/// Codes of global services and networks.
const GLOBAL: &[u16] = &[800, 808, 870, 878, 881, 882, 883, 888, 979];

/// Regions and their calling codes.
#[rustfmt::skip]
const REGIONS: &[(&str, u16)] = &[
    ("AC", 247), ("AD", 376), ("AE", 971), ("AF", 93), ("AG", 1), ("AI", 1), ("AL", 355), ("AM", 374), ("AO", 244),
    ("AR", 54), ("AS", 1), ("AT", 43), ("AU", 61), ("AW", 297), ("AX", 358), ("AZ", 994), ("BA", 387), ("BB", 1),
    ("BD", 880), ("BE", 32), ("BF", 226), ("BG", 359), ("BH", 973), ("BI", 257), ("BJ", 229), ("BL", 590), ("BM", 1),
    ("BN", 673), ("BO", 591), ("BQ", 599), ("BR", 55), ("BS", 1), ("BT", 975), ("BW", 267), ("BY", 375), ("BZ", 501),
    ("CA", 1), ("CC", 61), ("CD", 243), ("CF", 236), ("CG", 242), ("CH", 41), ("CI", 225), ("CK", 682), ("CL", 56),
    ("CM", 237), ("CN", 86), ("CO", 57), ("CR", 506), ("CU", 53), ("CV", 238), ("CW", 599), ("CX", 61), ("CY", 357),
    ("CZ", 420), ("DE", 49), ("DJ", 253), ("DK", 45), ("DM", 1), ("DO", 1), ("DZ", 213), ("EC", 593), ("EE", 372),
    ("EG", 20), ("EH", 212), ("ER", 291), ("ES", 34), ("ET", 251), ("FI", 358), ("FJ", 679), ("FK", 500), ("FM", 691),
    ("FO", 298), ("FR", 33), ("GA", 241), ("GB", 44), ("GD", 1), ("GE", 995), ("GF", 594), ("GG", 44), ("GH", 233),
    ("GI", 350), ("GL", 299), ("GM", 220), ("GN", 224), ("GP", 590), ("GQ", 240), ("GR", 30), ("GT", 502), ("GU", 1),
    ("GW", 245), ("GY", 592), ("HK", 852), ("HN", 504), ("HR", 385), ("HT", 509), ("HU", 36), ("ID", 62), ("IE", 353),
    ("IL", 972), ("IM", 44), ("IN", 91), ("IO", 246), ("IQ", 964), ("IR", 98), ("IS", 354), ("IT", 39), ("JE", 44),
    ("JM", 1), ("JO", 962), ("JP", 81), ("KE", 254), ("KG", 996), ("KH", 855), ("KI", 686), ("KM", 269), ("KN", 1),
    ("KP", 850), ("KR", 82), ("KW", 965), ("KY", 1), ("KZ", 7), ("LA", 856), ("LB", 961), ("LC", 1), ("LI", 423),
    ("LK", 94), ("LR", 231), ("LS", 266), ("LT", 370), ("LU", 352), ("LV", 371), ("LY", 218), ("MA", 212),
    ("MC", 377), ("MD", 373), ("ME", 382), ("MF", 590), ("MG", 261), ("MH", 692), ("MK", 389), ("ML", 223),
    ("MM", 95), ("MN", 976), ("MO", 853), ("MP", 1), ("MQ", 596), ("MR", 222), ("MS", 1), ("MT", 356), ("MU", 230),
    ("MV", 960), ("MW", 265), ("MX", 52), ("MY", 60), ("MZ", 258), ("NA", 264), ("NC", 687), ("NE", 227), ("NF", 672),
    ("NG", 234), ("NI", 505), ("NL", 31), ("NO", 47), ("NP", 977), ("NR", 674), ("NU", 683), ("NZ", 64), ("OM", 968),
    ("PA", 507), ("PE", 51), ("PF", 689), ("PG", 675), ("PH", 63), ("PK", 92), ("PL", 48), ("PM", 508), ("PR", 1),
    ("PS", 970), ("PT", 351), ("PW", 680), ("PY", 595), ("QA", 974), ("RE", 262), ("RO", 40), ("RS", 381), ("RU", 7),
    ("RW", 250), ("SA", 966), ("SB", 677), ("SC", 248), ("SD", 249), ("SE", 46), ("SG", 65), ("SH", 290), ("SI", 386),
    ("SJ", 47), ("SK", 421), ("SL", 232), ("SM", 378), ("SN", 221), ("SO", 252), ("SR", 597), ("SS", 211),
    ("ST", 239), ("SV", 503), ("SX", 1), ("SY", 963), ("SZ", 268), ("TA", 290), ("TC", 1), ("TD", 235), ("TG", 228),
    ("TH", 66), ("TJ", 992), ("TK", 690), ("TL", 670), ("TM", 993), ("TN", 216), ("TO", 676), ("TR", 90), ("TT", 1),
    ("TV", 688), ("TW", 886), ("TZ", 255), ("UA", 380), ("UG", 256), ("US", 1), ("UY", 598), ("UZ", 998), ("VA", 39),
    ("VC", 1), ("VE", 58), ("VG", 1), ("VI", 1), ("VN", 84), ("VU", 678), ("WF", 681), ("WS", 685), ("XK", 383),
    ("YE", 967), ("YT", 262), ("ZA", 27), ("ZM", 260), ("ZW", 263),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_begins_another() {
        let mut codes: Vec<String> = REGIONS.iter().map(|(_, it)| it).chain(GLOBAL).map(u16::to_string).collect();
        codes.sort();
        codes.dedup();
        for pair in codes.windows(2) {
            assert!(!pair[1].starts_with(&pair[0]), "{pair:?}");
        }
    }

    #[test]
    fn regions_are_sorted_and_each_shared_code_has_a_main_one() {
        assert!(REGIONS.windows(2).all(|it| it[0].0 < it[1].0));
        for (_, code) in REGIONS {
            let sharing = REGIONS.iter().filter(|(_, it)| it == code).count();
            let listed = SHARED.iter().find(|(it, _)| it == code);
            assert_eq!(sharing > 1, listed.is_some(), "{code}");
            assert_eq!(main_region(*code).and_then(of_region), Some(*code));
        }
    }

    #[test]
    fn numbers_are_read_by_shape() {
        let digits = |text| read(text).map(|it| (it.international, it.digits));
        assert_eq!(digits("+1 (123) 456-7890"), Some((true, "11234567890".into())));
        assert_eq!(digits("033 456-7890"), Some((false, "0334567890".into())));
        for text in ["", "123", "12345678901234567", "bob", "1+234", "++1234", "+1.234", "１２３４"] {
            assert_eq!(digits(text), None, "{text}");
        }
        assert_eq!(split("491234567890"), Some((49, "1234567890")));
        assert_eq!(split("3584567"), Some((358, "4567")));
        assert_eq!(split("2101234"), None, "no region has 210");
    }
}
