//! Code of the client that is never run, which no linker can know: it can be reached by a pointer that nothing reads.

use std::ops::Range;

use anyhow::{Context, Result, bail};
use wasm_encoder::{Encode, Module, RawSection};
use wasmparser::{
    CustomSectionReader, KnownCustom, Name, NameSectionReader, Parser, Payload, RelocAddendKind, RelocSectionReader,
    TypeRef,
};

/// How the names of the functions end that are never run.
///
/// Every erased view of Leptos (tachys) points to what would wake it up in pieces, while `frontend` wakes pages up at
/// once, with `hydrate_body`. A name stands for what its function does only where no other does the same: the compiler
/// keeps one of several functions alike, under the name of any of them. Those here await, each another thing.
const NEVER_RUN: &str = "::hydrate_async";

/// What linkers call the relocations of the code.
const CODE_RELOCATIONS: &str = "reloc.CODE";
/// A body that does nothing but stop begins so, without variables; it is filled up with [`NOP`].
const STOPS: [u8; 2] = [0, 0x00];
const NOP: u8 = 0x01;
const END: u8 = 0x0b;

/// A linked module in which functions that are never run do nothing and need nothing; all else stays in its place. Whoever
/// runs one all the same gets the browser's `unreachable`.
///
/// # Errors
/// If the module is not well formed, has no names or relocations, or none of these functions.
pub fn silenced(module: &[u8]) -> Result<Vec<u8>> {
    let linked = Linked::read(module)?;
    let names = linked.names.context("the client's module has no names")?;
    let (section, relocations) = linked.relocations.context("the client's module has no relocations")?;
    let silent: Vec<Range<usize>> = never_run(names)?
        .into_iter()
        .filter_map(|index| linked.bodies.get(index.checked_sub(linked.imported)?).cloned())
        .collect();
    if silent.is_empty() {
        bail!("no function of the client's module is named like {NEVER_RUN}");
    }
    let mut code = module.to_vec();
    for body in &silent {
        silence(&mut code[body.clone()]);
    }
    let kept = kept(&relocations, |at| {
        let at = linked.code + at;
        // The bodies are in the order of the file.
        let next = silent.partition_point(|body| body.end <= at);
        silent.get(next).is_some_and(|body| body.contains(&at))
    })?;
    let mut silenced = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Some((id, range)) = payload?.as_section() {
            let range = bytes(&range)?;
            let data = if range == bytes(&section.range())? { &kept } else { &code[range] };
            silenced.section(&RawSection { id, data });
        }
    }
    Ok(silenced.finish())
}

/// The body without what fills it up, if it does nothing but stop.
pub fn shortened(body: &[u8]) -> Option<[u8; 3]> {
    let filling = body.strip_prefix(&STOPS)?.strip_suffix(&[END])?;
    filling.iter().all(|byte| *byte == NOP).then_some([STOPS[0], STOPS[1], END])
}

/// What is looked at of a linked module.
#[derive(Default)]
struct Linked<'a> {
    /// How many functions come from outside.
    imported: usize,
    /// Where the section of code begins, after its head: relocations count from there.
    code: usize,
    /// Where each function's body is.
    bodies: Vec<Range<usize>>,
    names: Option<NameSectionReader<'a>>,
    relocations: Option<(CustomSectionReader<'a>, RelocSectionReader<'a>)>,
}

impl<'a> Linked<'a> {
    fn read(module: &'a [u8]) -> Result<Self> {
        let mut linked = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        linked.imported += usize::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                    }
                }
                Payload::CodeSectionStart { range, .. } => linked.code = usize::try_from(range.start)?,
                Payload::CodeSectionEntry(body) => linked.bodies.push(bytes(&body.range())?),
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::Name(names) => linked.names = Some(names),
                    KnownCustom::Reloc(reader) if section.name() == CODE_RELOCATIONS => {
                        linked.relocations = Some((section, reader));
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        Ok(linked)
    }
}

fn bytes(range: &Range<u64>) -> Result<Range<usize>> {
    Ok(usize::try_from(range.start)?..usize::try_from(range.end)?)
}

/// The numbers of the functions that are never run.
fn never_run(names: NameSectionReader) -> Result<Vec<usize>> {
    let mut found = Vec::new();
    for part in names {
        if let Name::Function(functions) = part? {
            for function in functions {
                let function = function?;
                if is_never_run(function.name) {
                    found.push(function.index as usize);
                }
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Whether a name, as the linker has it, is one of such a function, or of what it does when it is awaited.
fn is_never_run(name: &str) -> bool {
    let name = format!("{:#}", rustc_demangle::demangle(name));
    let mut path = name.as_str();
    while let Some(around) = path.strip_suffix("::{{closure}}") {
        path = around;
    }
    path.ends_with(NEVER_RUN)
}

fn silence(body: &mut [u8]) {
    body.fill(NOP);
    body[..STOPS.len()].copy_from_slice(&STOPS);
    if let Some(last) = body.last_mut() {
        *last = END;
    }
}

/// The section of the code's relocations without those that are in silent code.
fn kept(reader: &RelocSectionReader, is_silent: impl Fn(usize) -> bool) -> Result<Vec<u8>> {
    let (mut count, mut entries) = (0_u32, Vec::new());
    for entry in reader.entries() {
        let entry = entry?;
        if is_silent(entry.offset as usize) {
            continue;
        }
        count += 1;
        entries.push(entry.ty as u8);
        entry.offset.encode(&mut entries);
        entry.index.encode(&mut entries);
        if !matches!(entry.ty.addend_kind(), RelocAddendKind::None) {
            entry.addend.encode(&mut entries);
        }
    }
    let mut contents = Vec::with_capacity(entries.len() + 32);
    CODE_RELOCATIONS.encode(&mut contents);
    reader.section_index().encode(&mut contents);
    count.encode(&mut contents);
    contents.append(&mut entries);
    Ok(contents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, CustomSection, Function, FunctionSection, Instruction, NameMap, NameSection as Names, TypeSection,
    };

    /// Two functions of which the second may be called by the first, and by nobody where it is never run.
    fn module(name: &str) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        functions.function(0).function(0);
        let mut code = CodeSection::new();
        for _ in 0..2 {
            let mut function = Function::new([]);
            function.instruction(&Instruction::Call(1)).instruction(&Instruction::End);
            code.function(&function);
        }
        let mut called = NameMap::new();
        called.append(0, "first");
        called.append(1, name);
        let mut names = Names::new();
        names.functions(&called);
        // Section 2 has two relocations, of functions and without an addend: of each call's number.
        let relocations = [2, 2, 0, 4, 1, 0, 9, 1];
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&code);
        module.section(&CustomSection { name: "reloc.CODE".into(), data: relocations.as_slice().into() });
        module.section(&names);
        module.finish()
    }

    #[test]
    fn what_is_never_run_needs_nothing() {
        let silenced = silenced(&module("_ZN1x13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE"))
            .expect("is well formed");
        let linked = Linked::read(&silenced).expect("is well formed");
        let bodies: Vec<&[u8]> = linked.bodies.iter().map(|body| &silenced[body.clone()]).collect();
        assert_eq!(bodies, [[0, 0x10, 1, 0x0b], [0, 0x00, 0x01, 0x0b]]);
        assert_eq!(shortened(bodies[0]), None);
        assert_eq!(shortened(bodies[1]), Some([0, 0x00, 0x0b]));
        let (_, relocations) = linked.relocations.expect("is there");
        let places: Vec<u32> = relocations.entries().into_iter().map(|entry| entry.expect("is one").offset).collect();
        assert_eq!(places, [4]);
    }

    #[test]
    fn what_hangs_on_them_may_be_others_too() {
        assert!(is_never_run("_ZN1x13hydrate_async17h0123456789abcdefE"));
        assert!(!is_never_run("_ZN1x13hydrate_async7inner_117h0123456789abcdefE"));
        assert!(!is_never_run("_ZN4core3ptr39drop_in_place$LT$x..hydrate_async..y$GT$17h0123456789abcdefE"));
    }

    #[test]
    fn a_name_that_is_gone_is_noticed() {
        assert!(silenced(&module("y")).is_err());
    }
}
