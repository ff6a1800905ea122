//! Dice that fall the same way for the same question: no state, no order.

/// Seeded dice. The same words and counter always give the same number.
#[derive(Clone, Copy, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice of a seed.
    pub fn new(seed: u64) -> Dice {
        Dice(mix(seed ^ 0x7469_6c6c_6272_6964))
    }

    /// A number that depends on the seed, `words` and `counter` only, evenly spread over all of `u64`.
    pub fn roll(&self, words: &[&str], counter: u64) -> u64 {
        let mut sum = self.0;
        for word in words {
            for byte in word.bytes() {
                sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
            sum = mix(sum);
        }
        mix(sum ^ mix(counter))
    }

    /// A number in `0..sides`; 0 when there are no sides.
    pub fn below(&self, words: &[&str], counter: u64, sides: u64) -> u64 {
        self.roll(words, counter).checked_rem(sides).unwrap_or(0)
    }
}

/// The finaliser of SplitMix64: every input bit moves about half of the output bits.
fn mix(input: u64) -> u64 {
    let mut word = input.wrapping_add(0x9e37_79b9_7f4a_7c15);
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}
