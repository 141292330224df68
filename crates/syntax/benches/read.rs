//! What reading costs over what it can't cost less than: quick-xml's events with every attribute looked at. The four run
//! over the same texts in the same session, so that their ratios count on any machine.
//!
//! The texts are the policies under `$WAYFARER_CORPUS`; without it, one made here.

#![expect(clippy::disallowed_methods, reason = "a benchmark is the edge: it reads the corpus itself")]

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::{env, fs};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use quick_xml::Reader;
use quick_xml::events::Event;
use wayfarer_diagnostics::{Diagnostics, FileId, Sources};
use wayfarer_syntax::grammar::check_schema;
use wayfarer_syntax::{decode, parse};

fn read(criterion: &mut Criterion) {
    let file = Sources::default().add("bench.xml", "");
    let files = corpus().unwrap_or_else(|| vec![made().into_bytes()]);
    let texts: Vec<Arc<str>> = files.iter().map(|it| decode(file, it).0).collect();
    let documents: Vec<_> = texts.iter().map(|it| parse(file, it.clone()).0).collect();
    let mut group = criterion.benchmark_group("read");
    group.throughput(Throughput::Bytes(texts.iter().map(|it| it.len() as u64).sum()));
    group.bench_function("quick-xml", |it| it.iter(|| texts.iter().map(|text| tokens(text)).sum::<usize>()));
    group
        .bench_function("decode", |it| it.iter(|| files.iter().for_each(|bytes| drop(black_box(decode(file, bytes))))));
    group.bench_function("parse", |it| {
        it.iter(|| texts.iter().for_each(|text| drop(black_box(parse(file, text.clone())))));
    });
    group.bench_function("check", |it| {
        it.iter(|| {
            let mut diagnostics = Diagnostics::default();
            documents.iter().for_each(|document| check_schema(document, &mut diagnostics));
            diagnostics.len()
        });
    });
    group.bench_function("all", |it| it.iter(|| files.iter().map(|bytes| everything(file, bytes)).sum::<usize>()));
    group.finish();
}

fn everything(file: FileId, bytes: &[u8]) -> usize {
    let (text, mut diagnostics) = decode(file, bytes);
    let (document, found) = parse(file, text);
    diagnostics.extend(found);
    check_schema(&document, &mut diagnostics);
    diagnostics.len()
}

fn tokens(text: &str) -> usize {
    let mut reader = Reader::from_str(text);
    let mut count = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => count += 1 + tag.attributes().filter(Result::is_ok).count(),
            Ok(Event::Eof) | Err(_) => return count,
            Ok(_) => count += 1,
        }
    }
}

fn corpus() -> Option<Vec<Vec<u8>>> {
    let mut folders = vec![PathBuf::from(env::var_os("WAYFARER_CORPUS")?)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).ok()?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "xml") {
                files.extend(fs::read(path));
            }
        }
    }
    Some(files)
}

/// A policy of about a megabyte, with the mix of elements that real ones have.
fn made() -> String {
    let profiles: String = (0..1500)
        .map(|nth| {
            format!(
                "        <TechnicalProfile Id=\"Profile-{nth}\">\n          <DisplayName>Profile {nth}</DisplayName>\n          \
                 <Protocol Name=\"Proprietary\" Handler=\"Web.TPEngine.Providers.RestfulProvider, Web.TPEngine\" />\n          \
                 <Metadata>\n            <Item Key=\"ServiceUrl\">https://contoso.com/{nth}?a=1&amp;b=2</Item>\n          \
                 </Metadata>\n          <OutputClaims>\n            \
                 <OutputClaim ClaimTypeReferenceId=\"email\" PartnerClaimType=\"mail\" Required=\"true\" />\n            \
                 <OutputClaim ClaimTypeReferenceId=\"objectId\" />\n          </OutputClaims>\n        </TechnicalProfile>\n"
            )
        })
        .collect();
    format!(
        "<TrustFrameworkPolicy xmlns=\"{}\" PolicySchemaVersion=\"0.3.0.0\" TenantId=\"contoso.onmicrosoft.com\" \
         PolicyId=\"B2C_1A_Bench\" PublicPolicyUri=\"http://contoso.onmicrosoft.com/B2C_1A_Bench\">\n  <ClaimsProviders>\n    \
         <ClaimsProvider>\n      <TechnicalProfiles>\n{profiles}      </TechnicalProfiles>\n    </ClaimsProvider>\n  \
         </ClaimsProviders>\n</TrustFrameworkPolicy>\n",
        wayfarer_syntax::POLICY_NAMESPACE
    )
}

criterion_group!(benches, read);
criterion_main!(benches);
