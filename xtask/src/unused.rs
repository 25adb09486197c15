//! What of the client nobody needs, and no linker can know of: code that can be reached by a pointer which nothing reads,
//! and the places in the source that panics name. `client::NAMES` says where a panic was instead.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use anyhow::{Context, Result, bail};
use wasm_encoder::{Encode, Module, RawSection};
use wasmparser::{
    CustomSectionReader, DefinedDataSymbol, KnownCustom, Linking, LinkingSectionReader, Name, NameSectionReader,
    Parser, Payload, RelocAddendKind, RelocSectionReader, RelocationEntry, RelocationType, SymbolInfo, TypeRef,
};

/// How the names of the functions end that are never run.
///
/// Every erased view of Leptos (tachys) points to what would wake it up in pieces, while `frontend` wakes pages up at
/// once, with `hydrate_body`. A name stands for what its function does only where no other does the same: the compiler
/// keeps one of several functions alike, under the name of any of them. Those here await, each another thing.
const NEVER_RUN: &str = "::hydrate_async";

/// What linkers call the relocations of the code and of the data.
const CODE_RELOCATIONS: &str = "reloc.CODE";
const DATA_RELOCATIONS: &str = "reloc.DATA";
/// The bytes of a `core::panic::Location`: where the file's name is, how long it is, line and column.
const PLACE: u32 = 16;
/// A body that does nothing but stop begins so, without variables; it is filled up with [`NOP`].
const STOPS: [u8; 2] = [0, 0x00];
const NOP: u8 = 0x01;
const END: u8 = 0x0b;

/// A linked module in which functions that are never run do nothing and need nothing, and in which everything that may
/// panic names one place; all else stays where it is. Whoever runs such a function all the same gets the browser's
/// `unreachable`.
///
/// A thousand places and the names of their files are a fiftieth of what is sent, and functions that differ in nothing but
/// the place are one then.
///
/// # Errors
/// If the module is not well formed, has no names or relocations, or none of these functions or places.
pub fn spared(module: &[u8]) -> Result<Vec<u8>> {
    let linked = Linked::read(module)?;
    let names = linked.names.clone().context("the client's module has no names")?;
    let (section, relocations) = linked.relocations.as_ref().context("the client's module has no relocations")?;
    let silent: Vec<Range<usize>> = never_run(names)?
        .into_iter()
        .filter_map(|index| linked.bodies.get(index.checked_sub(linked.imported)?).cloned())
        .collect();
    if silent.is_empty() {
        bail!("no function of the client's module is named like {NEVER_RUN}");
    }
    let places = linked.places()?;
    let place = places.iter().min().copied().context("nothing in the client's module may panic")?;
    let mut code = module.to_vec();
    for body in &silent {
        silence(&mut code[body.clone()]);
    }
    let kept = kept(relocations, |mut entry| {
        let at = linked.code + entry.offset as usize;
        // The bodies are in the order of the file.
        let next = silent.partition_point(|body| body.end <= at);
        if silent.get(next).is_some_and(|body| body.contains(&at)) {
            return None;
        }
        if entry.addend == 0 && places.contains(&entry.index) {
            entry.index = place;
        }
        Some(entry)
    })?;
    let mut spared = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Some((id, range)) = payload?.as_section() {
            let range = bytes(&range)?;
            let data = if range == bytes(&section.range())? { &kept } else { &code[range] };
            spared.section(&RawSection { id, data });
        }
    }
    Ok(spared.finish())
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
    /// Where the section of data begins, after its head.
    data: usize,
    /// Each segment of data, and where it begins in the module.
    segments: Vec<(usize, &'a [u8])>,
    /// What the data points to.
    pointers: Option<RelocSectionReader<'a>>,
    symbols: Option<LinkingSectionReader<'a>>,
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
                Payload::DataSection(section) => {
                    linked.data = usize::try_from(section.range().start)?;
                    for segment in section {
                        let segment = segment?;
                        linked.segments.push((usize::try_from(segment.range.end)? - segment.data.len(), segment.data));
                    }
                }
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::Name(names) => linked.names = Some(names),
                    KnownCustom::Linking(symbols) => linked.symbols = Some(symbols),
                    KnownCustom::Reloc(reader) if section.name() == CODE_RELOCATIONS => {
                        linked.relocations = Some((section, reader));
                    }
                    KnownCustom::Reloc(reader) if section.name() == DATA_RELOCATIONS => linked.pointers = Some(reader),
                    _ => {}
                },
                _ => {}
            }
        }
        Ok(linked)
    }

    /// The symbols that are places in the source: as long as one, and beginning with a pointer to the name of a file.
    fn places(&self) -> Result<HashSet<u32>> {
        let mut data = HashMap::new();
        for part in self.symbols.clone().context("the client's module has no symbols")? {
            if let Linking::SymbolTable(symbols) = part? {
                for (index, symbol) in (0..).zip(symbols) {
                    if let SymbolInfo::Data { symbol: Some(symbol), .. } = symbol? {
                        data.insert(index, symbol);
                    }
                }
            }
        }
        let mut pointers = HashMap::new();
        for entry in self.pointers.as_ref().context("the client's data points to nothing")?.entries() {
            let entry = entry?;
            pointers.insert(self.data + entry.offset as usize, entry);
        }
        let is_place = |symbol: &DefinedDataSymbol| -> Option<bool> {
            let (start, segment) = self.segments.get(symbol.index as usize)?;
            let at = symbol.offset as usize;
            let file = pointers.get(&(start + at)).filter(|entry| entry.ty == RelocationType::MemoryAddrI32)?;
            let length = u32::from_le_bytes(segment.get(at + 4..at + 8)?.try_into().ok()?);
            let name = data.get(&file.index)?;
            let from = usize::try_from(i64::from(name.offset) + file.addend).ok()?;
            let name = self.segments.get(name.index as usize)?.1.get(from..from + length as usize)?;
            Some(name.ends_with(b".rs"))
        };
        Ok(data
            .iter()
            .filter(|(_, symbol)| symbol.size == PLACE && is_place(symbol) == Some(true))
            .map(|(index, _)| *index)
            .collect())
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

/// The section of the code's relocations with what is kept of each.
fn kept(reader: &RelocSectionReader, keep: impl Fn(RelocationEntry) -> Option<RelocationEntry>) -> Result<Vec<u8>> {
    let (mut count, mut entries) = (0_u32, Vec::new());
    for entry in reader.entries() {
        let Some(entry) = keep(entry?) else { continue };
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
        CodeSection, ConstExpr, CustomSection, DataSection, DataSymbolDefinition, Function, FunctionSection,
        Instruction, LinkingSection, MemorySection, MemoryType, NameMap, NameSection as Names, SymbolTable,
        TypeSection,
    };

    /// What a call's number and an address are: the linker's relocations of them.
    const CALLED: u8 = 0;
    const ADDRESS: u8 = 4;

    /// Two functions that call the second and name a place each; the second may be called by the first, and by nobody
    /// where it is never run.
    fn module(name: &str) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        functions.function(0).function(0);
        let mut memories = MemorySection::new();
        memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
        let mut code = CodeSection::new();
        for place in [32, 16] {
            let mut function = Function::new([]);
            function.instruction(&Instruction::Call(1)).instruction(&Instruction::I32Const(place));
            function.instruction(&Instruction::Drop).instruction(&Instruction::End);
            code.function(&function);
        }
        // A file's name, two places in it, and what only is as long as one.
        let mut data = DataSection::new();
        let place = |line: u8| [0, 0, 0, 0, 4, 0, 0, 0, line, 0, 0, 0, 1, 0, 0, 0];
        let bytes = [*b"a.rs............", place(3), place(7), [0; 16]].concat();
        data.active(0, &ConstExpr::i32_const(0), bytes);
        let mut symbols = SymbolTable::new();
        symbols.function(0, 0, Some("first")).function(0, 1, Some(name));
        for (symbol, offset, size) in [("file", 0, 4), ("third", 16, 16), ("seventh", 32, 16), ("else", 48, 16)] {
            symbols.data(0, symbol, Some(DataSymbolDefinition { index: 0, offset, size }));
        }
        let mut linking = LinkingSection::new();
        linking.symbol_table(&symbols);
        let mut called = NameMap::new();
        called.append(0, "first");
        called.append(1, name);
        let mut names = Names::new();
        names.functions(&called);
        // Each a kind, a place in the section, a symbol and, of an address, an addend.
        let of_code = [3, 4, CALLED, 4, 1, ADDRESS, 6, 4, 0, CALLED, 12, 1, ADDRESS, 14, 3, 0];
        // The section of data has 6 bytes before its segment.
        let of_data = [4, 2, 5, 22, 2, 0, 5, 38, 2, 0];
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&memories).section(&code).section(&data).section(&linking);
        module.section(&CustomSection { name: "reloc.CODE".into(), data: of_code.as_slice().into() });
        module.section(&CustomSection { name: "reloc.DATA".into(), data: of_data.as_slice().into() });
        module.section(&names);
        module.finish()
    }

    #[test]
    fn what_is_never_run_needs_nothing_and_every_place_is_one() {
        let spared = spared(&module("_ZN1x13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE"))
            .expect("is well formed");
        let linked = Linked::read(&spared).expect("is well formed");
        let bodies: Vec<&[u8]> = linked.bodies.iter().map(|body| &spared[body.clone()]).collect();
        assert_eq!(bodies[1], [0, 0x00, 1, 1, 1, 1, 0x0b]);
        assert_eq!(shortened(bodies[0]), None);
        assert_eq!(shortened(bodies[1]), Some([0, 0x00, 0x0b]));
        let (_, relocations) = linked.relocations.expect("is there");
        let left: Vec<(u32, u32)> = relocations
            .entries()
            .into_iter()
            .map(|entry| entry.expect("is one"))
            .map(|e| (e.offset, e.index))
            .collect();
        assert_eq!(left, [(4, 1), (6, 3)]);
    }

    #[test]
    fn places_are_what_names_a_file() {
        let module = module("y");
        let places = Linked::read(&module).expect("is well formed").places().expect("is well formed");
        assert_eq!(places, HashSet::from([3, 4]));
    }

    #[test]
    fn what_hangs_on_them_may_be_others_too() {
        assert!(is_never_run("_ZN1x13hydrate_async17h0123456789abcdefE"));
        assert!(!is_never_run("_ZN1x13hydrate_async7inner_117h0123456789abcdefE"));
        assert!(!is_never_run("_ZN4core3ptr39drop_in_place$LT$x..hydrate_async..y$GT$17h0123456789abcdefE"));
    }

    #[test]
    fn a_name_that_is_gone_is_noticed() {
        assert!(spared(&module("y")).is_err());
    }
}
