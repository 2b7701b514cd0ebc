//! How many passwords one core hashes per second with the default parameters, and nothing else around it: what
//! `make bench` compares sign-in with. Reuses one block of memory, as the server's hashing threads do.
//!
//! `cargo run --release --example hash_rate [seconds]` prints one number.
#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seconds = std::env::args().nth(1).map_or(Ok(5), |text| text.parse())?;
    let params = Params::new(19_456, 2, 1, Some(32))?;
    let mut memory = vec![Block::default(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut digest = [0_u8; 32];
    let started = Instant::now();
    let mut hashes = 0_u32;
    while started.elapsed() < Duration::from_secs(seconds) {
        let salt = u64::from(hashes).to_be_bytes();
        argon2.hash_password_into_with_memory(b"Kvarteret-9-Dorvaktaren", &salt, &mut digest, &mut memory)?;
        hashes += 1;
    }
    println!("{:.2}", f64::from(hashes) / started.elapsed().as_secs_f64());
    Ok(())
}
