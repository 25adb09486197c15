//! A WebAssembly module made small to send: without what says nothing to a browser, and with its functions in an order
//! in which they compress well.

use std::convert::Infallible;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef,
};

/// The module without custom sections (names, relocations), its functions sorted by what they do.
///
/// Most functions are one of many alike, of one generic text for several types. Next to each other they compress by a
/// twentieth better than in the order of their size, in which wasm-bindgen leaves them.
pub fn packed(module: &[u8]) -> Result<Vec<u8>> {
    let mut packing = Packing::of(module)?;
    let mut packed = Module::new();
    packing.parse_core_module(&mut packed, Parser::new(0), module).map_err(|error| anyhow!("{error}"))?;
    Ok(packed.finish())
}

struct Packing {
    /// How many functions come from outside; their numbers stay as they are.
    imported: u32,
    /// The module's own functions in their new order, by their old one.
    order: Vec<u32>,
    /// The new place of each, by its old one.
    places: Vec<u32>,
}

impl Packing {
    fn of(module: &[u8]) -> Result<Self> {
        let (mut imported, mut bodies) = (0, Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        imported += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => bodies.push(alike(body.as_bytes())),
                _ => {}
            }
        }
        let mut order: Vec<u32> = (0..bodies.len() as u32).collect();
        order.sort_by(|a, b| bodies[*a as usize].cmp(&bodies[*b as usize]));
        let mut places = vec![0; order.len()];
        for (place, old) in order.iter().enumerate() {
            places[*old as usize] = place as u32;
        }
        Ok(Self { imported, order, places })
    }
}

/// A function's text with large numbers, which are mostly those of other functions and of data, made equal.
fn alike(body: &[u8]) -> Vec<u8> {
    body.iter().map(|byte| (*byte).min(0x80)).collect()
}

impl Reencode for Packing {
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
            utils::parse_function_body(self, code, bodies[old as usize].clone())?;
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Result<(), Error<Infallible>> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{CustomSection, ExportKind, ExportSection, Function, Instruction, TypeSection, ValType};

    #[test]
    fn functions_are_sorted_and_still_found() {
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I32]);
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        functions.function(0).function(1);
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
        module.section(&CustomSection { name: "name".into(), data: b"text".as_slice().into() });

        let packed = packed(&module.finish()).expect("is well formed");
        let (mut exported, mut bodies) = (None, Vec::new());
        for payload in Parser::new(0).parse_all(&packed) {
            match payload.expect("is well formed") {
                Payload::ExportSection(section) => exported = section.into_iter().next(),
                Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes().to_vec()),
                Payload::CustomSection(_) => panic!("a custom section is left"),
                _ => {}
            }
        }
        // The one without variables comes first now, and calls the other at its new place.
        assert_eq!(exported.and_then(Result::ok).map(|export| export.index), Some(1));
        assert_eq!(bodies, [vec![0, 0x10, 1, 0x1a, 0x0b], vec![1, 1, 0x7f, 0x41, 7, 0x0b]]);
    }
}
