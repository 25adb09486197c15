//! A WebAssembly module made small to send: without what says nothing to a browser and what is there twice, and with its
//! functions in an order in which they compress well.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::fmt::Write;
use std::hash::Hash;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, ExportSection, FunctionSection, ImportSection, Module};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, Export, FunctionBody, FunctionSectionReader, ImportSectionReader,
    KnownCustom, Name, Operator, Parser, Payload, TypeRef,
};

use crate::unused::shortened;

/// What was made of a module.
pub struct Packed {
    pub module: Vec<u8>,
    /// A line for each of its own functions: the number and, where it is known, the name.
    pub functions: String,
}

/// The module without custom sections (names, relocations), each function once, sorted by type and by what they do.
///
/// Most functions are one of many alike, of one generic text for several types. Next to each other they compress by a
/// twentieth better than in the order of their size, in which wasm-bindgen leaves them.
pub fn packed(module: &[u8], names: &Names) -> Result<Packed> {
    let mut packing = Packing::of(module, names)?;
    let mut packed = Module::new();
    packing.parse_core_module(&mut packed, Parser::new(0), module).map_err(|error| anyhow!("{error}"))?;
    Ok(Packed { module: packed.finish(), functions: packing.functions(module)? })
}

/// Short names for what the generated glue and its module call each other by: the long ones end in a hash, which does not
/// compress, and are in both.
#[derive(Default)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// For the names of a module that are the generator's own.
    pub fn of(module: &[u8]) -> Result<Self> {
        let mut long = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        long.push(import?.name.to_owned());
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        long.push(export?.name.to_owned());
                    }
                }
                _ => {}
            }
        }
        long.retain(|name| is_hashed(name));
        Ok(Self(long.into_iter().enumerate().map(|(n, name)| (name, format!("${n}"))).collect()))
    }

    fn short<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.get(name).map_or(name, String::as_str)
    }

    /// The glue with the short names.
    pub fn shorten(&self, script: &str) -> String {
        let mut shortened = String::with_capacity(script.len());
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        let mut rest = script;
        while let Some(start) = rest.find(is_part) {
            let end = rest[start..].find(|c| !is_part(c)).map_or(rest.len(), |length| start + length);
            shortened.push_str(&rest[..start]);
            shortened.push_str(self.short(&rest[start..end]));
            rest = &rest[end..];
        }
        shortened + rest
    }
}

/// Whether a name is made by wasm-bindgen of what it is for and a hash or a number of sixteen digits.
fn is_hashed(name: &str) -> bool {
    let ours =
        name.starts_with("__wbg_") || name.starts_with("__wbindgen_generic_") || name.starts_with("wasm_bindgen__");
    ours && name.split('_').any(|part| {
        let digits = part.strip_prefix('h').unwrap_or(part);
        digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

struct Packing<'a> {
    names: &'a Names,
    /// How many functions come from outside; their numbers stay as they are.
    imported: u32,
    /// The functions that are kept, in their new order, by their old place among the module's own.
    order: Vec<u32>,
    /// The new place of each of the module's own functions, by its old one.
    places: Vec<u32>,
}

impl<'a> Packing<'a> {
    fn of(module: &[u8], names: &'a Names) -> Result<Self> {
        let (mut imported, mut types, mut bodies) = (0, Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        imported += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                    }
                }
                Payload::FunctionSection(section) => types = section.into_iter().collect::<Result<Vec<u32>, _>>()?,
                Payload::CodeSectionEntry(body) => bodies.push(body),
                _ => {}
            }
        }
        let shapes = bodies.iter().map(shape).collect::<Result<Vec<_>>>()?;
        let same = same(imported, &types, &shapes);
        let alike: Vec<Vec<u8>> = shapes.iter().map(|(text, _)| alike(text)).collect();
        let mut order: Vec<u32> = (0..).zip(&same).filter(|(own, first)| own == *first).map(|(own, _)| own).collect();
        // By types first: the list of the functions' types is long too.
        let key = |own: &u32| (types[*own as usize], &alike[*own as usize]);
        order.sort_by(|a, b| key(a).cmp(&key(b)));
        let mut places = vec![0; same.len()];
        for (place, old) in (0..).zip(&order) {
            places[*old as usize] = place;
        }
        for (own, first) in same.iter().enumerate() {
            places[own] = places[*first as usize];
        }
        Ok(Self { names, imported, order, places })
    }

    /// What the functions are called, by their new numbers.
    fn functions(&self, module: &[u8]) -> Result<String> {
        let mut called = HashMap::new();
        for payload in Parser::new(0).parse_all(module) {
            let Payload::CustomSection(section) = payload? else { continue };
            let KnownCustom::Name(parts) = section.as_known() else { continue };
            for part in parts {
                if let Name::Function(functions) = part? {
                    for function in functions {
                        let function = function?;
                        called.insert(function.index, format!("{:#}", rustc_demangle::demangle(function.name)));
                    }
                }
            }
        }
        let mut lines = String::new();
        for (number, old) in (self.imported..).zip(&self.order) {
            let name = called.get(&(self.imported + old)).map_or("", String::as_str);
            writeln!(lines, "{number} {name}")?;
        }
        Ok(lines)
    }
}

/// For each function the first one that does the same: a generic function for two types that do not differ in memory is
/// there twice, and the linker leaves it so.
///
/// Functions of one type and one text, calls aside, are taken for the same until two of them are found to call different
/// ones; so functions that call each other are found too.
fn same(imported: u32, types: &[u32], shapes: &[(Vec<u8>, Vec<u32>)]) -> Vec<u32> {
    let (mut classes, mut count) = numbered(types.iter().zip(shapes).map(|(kind, (text, _))| (kind, text)));
    loop {
        let class_of = |function: &u32| match function.checked_sub(imported) {
            Some(own) => imported + classes[own as usize],
            None => *function,
        };
        let called = shapes.iter().map(|(_, calls)| calls.iter().map(class_of).collect::<Vec<u32>>());
        let (finer, more) = numbered(classes.iter().zip(called));
        if more == count {
            break;
        }
        (classes, count) = (finer, more);
    }
    let mut first = vec![None; count];
    (0..).zip(classes).map(|(own, class)| *first[class as usize].get_or_insert(own)).collect()
}

/// The same number for what is equal, counted from zero; and how many numbers there are.
fn numbered<T: Eq + Hash>(all: impl Iterator<Item = T>) -> (Vec<u32>, usize) {
    let mut known = HashMap::new();
    let numbers = all
        .map(|one| {
            let next = known.len() as u32;
            *known.entry(one).or_insert(next)
        })
        .collect();
    (numbers, known.len())
}

/// A function's text without the numbers of the functions it names, and these.
fn shape(body: &FunctionBody) -> Result<(Vec<u8>, Vec<u32>)> {
    let (bytes, start) = (body.as_bytes(), body.range().start);
    let (mut text, mut calls, mut taken) = (Vec::with_capacity(bytes.len()), Vec::new(), 0);
    let mut operators = body.get_operators_reader()?;
    while !operators.eof() {
        let (operator, at) = operators.read_with_offset()?;
        if let Operator::Call { function_index }
        | Operator::ReturnCall { function_index }
        | Operator::RefFunc { function_index } = operator
        {
            // Of these the first byte says what they are; the rest is the number.
            text.extend_from_slice(&bytes[taken..=(at - start) as usize]);
            calls.push(function_index);
            taken = (operators.original_position() - start) as usize;
        }
    }
    text.extend_from_slice(&bytes[taken..]);
    Ok((text, calls))
}

/// A function's text with large numbers, which are mostly those of data, made equal.
fn alike(body: &[u8]) -> Vec<u8> {
    body.iter().map(|byte| (*byte).min(0x80)).collect()
}

impl Reencode for Packing<'_> {
    type Error = Infallible;

    fn function_index(&mut self, old: u32) -> Result<u32, Error<Infallible>> {
        let own = old.checked_sub(self.imported);
        Ok(own.map_or(old, |own| self.imported + self.places[own as usize]))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for old in self.order.clone() {
            functions.function(self.type_index(types[old as usize])?);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let bodies = section.into_iter().collect::<Result<Vec<FunctionBody<'_>>, _>>()?;
        for old in self.order.clone() {
            let body = &bodies[old as usize];
            match shortened(body.as_bytes()) {
                Some(short) => _ = code.raw(&short),
                None => utils::parse_function_body(self, code, body.clone())?,
            }
        }
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for import in section.into_imports() {
            let import = import?;
            let name = self.names.short(import.name);
            imports.import(import.module, name, utils::entity_type(self, import.ty)?);
        }
        Ok(())
    }

    fn parse_export(&mut self, exports: &mut ExportSection, export: Export<'_>) -> Result<(), Error<Infallible>> {
        let names = self.names;
        let export = Export { name: names.short(export.name), ..export };
        utils::parse_export(self, exports, export)
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Result<(), Error<Infallible>> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use wasm_encoder::{ExportKind, Function, Instruction, MemoryType, NameMap, NameSection, TypeSection, ValType};

    #[test]
    fn functions_are_sorted_and_still_found() {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        types.ty().function([], [ValType::I32]);
        let mut functions = FunctionSection::new();
        functions.function(1).function(0);
        let mut exports = ExportSection::new();
        exports.export("seven", ExportKind::Func, 0);
        let mut code = CodeSection::new();
        let mut seven = Function::new([(1, ValType::I32)]);
        seven.instruction(&Instruction::I32Const(7)).instruction(&Instruction::End);
        let mut calls = Function::new([]);
        calls.instruction(&Instruction::Call(0)).instruction(&Instruction::Drop).instruction(&Instruction::End);
        code.function(&seven).function(&calls);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&exports).section(&code);
        let mut called = NameMap::new();
        called.append(0, "_ZN1x5seven17h0123456789abcdefE");
        called.append(1, "calls");
        let mut names = NameSection::new();
        names.functions(&called);
        module.section(&names);

        let Packed { module: packed, functions } = packed(&module.finish(), &Names::default()).expect("is well formed");
        let (mut exported, mut bodies) = (None, Vec::new());
        for payload in Parser::new(0).parse_all(&packed) {
            match payload.expect("is well formed") {
                Payload::ExportSection(section) => exported = section.into_iter().next(),
                Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes().to_vec()),
                Payload::CustomSection(_) => panic!("a custom section is left"),
                _ => {}
            }
        }
        assert_eq!(functions, "0 calls\n1 x::seven\n");
        // The one of the first type comes first now, and calls the other at its new place.
        assert_eq!(exported.and_then(Result::ok).map(|export| export.index), Some(1));
        assert_eq!(bodies, [vec![0, 0x10, 1, 0x1a, 0x0b], vec![1, 1, 0x7f, 0x41, 7, 0x0b]]);
    }

    #[test]
    fn functions_that_do_the_same_are_kept_once() {
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I32]);
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        // Two that call each other in turn, twice; one that calls another; and a number that is not called.
        for instruction in [
            Instruction::Call(1),
            Instruction::Call(0),
            Instruction::Call(3),
            Instruction::Call(2),
            Instruction::Call(5),
            Instruction::I32Const(5),
            Instruction::I32Const(6),
        ] {
            functions.function(0);
            let mut function = Function::new([]);
            function.instruction(&instruction).instruction(&Instruction::End);
            code.function(&function);
        }
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&code);
        let module = module.finish();
        let names = Names::default();
        let packing = Packing::of(&module, &names).expect("is well formed");
        assert_eq!(packing.order.len(), 4);
        assert!(packing.places[..4].iter().all(|place| *place == packing.places[0]));
        assert_eq!(packing.places[4..].iter().collect::<HashSet<_>>().len(), 3);
        assert!(packed(&module, &names).is_ok_and(|packed| packed.module.len() < module.len()));
    }

    #[test]
    fn names_with_a_hash_are_shortened_on_both_sides() {
        let long = "__wbg_add_cf82c8d153d93ae1";
        let closure = "wasm_bindgen__convert__closures_____invoke__h55e1d17b5584b797_16";
        let mut imports = ImportSection::new();
        let mut exports = ExportSection::new();
        let memory = MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
        imports.import("./x.js", long, memory);
        exports.export(closure, ExportKind::Memory, 0).export("__wbg_add_free", ExportKind::Memory, 0);
        let mut module = Module::new();
        module.section(&imports).section(&exports);
        let module = module.finish();
        let names = Names::of(&module).expect("is well formed");
        assert_eq!(
            names.shorten(&format!("a.{long}(x), {closure}(), __wbg_add_free;")),
            "a.$0(x), $1(), __wbg_add_free;"
        );
        let packed = packed(&module, &names).expect("is well formed").module;
        let mut found = Vec::new();
        for payload in Parser::new(0).parse_all(&packed) {
            match payload.expect("is well formed") {
                Payload::ImportSection(section) => {
                    found.extend(section.into_imports().map(|import| import.expect("is one").name.to_owned()));
                }
                Payload::ExportSection(section) => {
                    found.extend(section.into_iter().map(|export| export.expect("is one").name.to_owned()));
                }
                _ => {}
            }
        }
        assert_eq!(found, ["$0", "$1", "__wbg_add_free"]);
        assert!(!is_hashed("hydrate"));
        assert!(is_hashed("wasm_bindgen__convert__closures_____invoke__h55e1d17b5584b797_16"));
        assert!(!is_hashed("__wbg_intounderlyingsource_free"));
    }
}
