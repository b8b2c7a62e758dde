//! Makes cargo notice changes under `sql/`, which is embedded in the program, and compiles what catches the engine's
//! exceptions.

fn main() {
    println!("cargo:rerun-if-changed=sql");
    println!("cargo:rerun-if-changed=src/load/store.cpp");
    // The standard library of C++ comes with the engine.
    cc::Build::new().cpp(true).std("c++17").file("src/load/store.cpp").cpp_link_stdlib(None).compile("mimiciv_store");
}
