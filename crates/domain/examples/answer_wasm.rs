//! `answer_lines` as a WebAssembly module. A line goes in and its answer comes out four bytes at a time: so the module
//! needs no glue code and runs wherever WebAssembly does.
#![allow(missing_docs, reason = "see above")]

#[path = "answer_lines.rs"]
pub mod lines;

#[cfg(target_arch = "wasm32")]
mod module {
    use std::cell::RefCell;

    use wasm_bindgen::prelude::wasm_bindgen;

    thread_local! {
        static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }

    /// Takes one byte of the line.
    #[wasm_bindgen]
    pub fn take(byte: u32) {
        TEXT.with_borrow_mut(|text| text.extend(u8::try_from(byte)));
    }

    /// Answers the line; says how many bytes the answer has.
    #[wasm_bindgen]
    pub fn answer() -> u32 {
        TEXT.with_borrow_mut(|text| {
            *text = super::lines::answer(&String::from_utf8_lossy(text)).into_bytes();
            u32::try_from(text.len()).unwrap_or(u32::MAX)
        })
    }

    /// The byte of the answer at `place`.
    #[wasm_bindgen]
    pub fn give(place: u32) -> u32 {
        TEXT.with_borrow(|text| {
            usize::try_from(place).ok().and_then(|place| text.get(place)).map_or(0, |b| u32::from(*b))
        })
    }

    /// Makes room for the next line.
    #[wasm_bindgen]
    pub fn clear() {
        TEXT.with_borrow_mut(Vec::clear);
    }
}
