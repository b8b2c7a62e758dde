//! Makes cargo notice changes under `sql/`, which is embedded in the program.

fn main() {
    println!("cargo:rerun-if-changed=sql");
}
