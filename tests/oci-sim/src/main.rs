//! The simulator by hand: prints its address, and runs until it is ended.

use oci_sim::Simulator;

fn main() {
    let sim = Simulator::start();
    println!("{}", sim.url());
    loop {
        std::thread::park();
    }
}
