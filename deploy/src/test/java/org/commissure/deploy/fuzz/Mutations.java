package org.commissure.deploy.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Seeded small damage to good inputs: bits, bytes, cuts, repeats, splices, and numbers at their limits. */
final class Mutations {
    private static final byte[][] TOKENS = {
        {0},
        {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1},
        "-1".getBytes(StandardCharsets.US_ASCII),
        "9223372036854775807".getBytes(StandardCharsets.US_ASCII),
        "18446744073709551616".getBytes(StandardCharsets.US_ASCII),
        "\n\n".getBytes(StandardCharsets.US_ASCII),
        "\\u0000".getBytes(StandardCharsets.US_ASCII),
        "[[[[[[[[".getBytes(StandardCharsets.US_ASCII),
        "\"".getBytes(StandardCharsets.US_ASCII),
        {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, // half a surrogate pair
    };

    private final List<byte[]> samples;
    private final Random random;

    Mutations(List<byte[]> samples, long seed) {
        this.samples = samples;
        this.random = new Random(seed);
    }

    /** One to four changes to one of the samples; never a sample itself. */
    byte[] next() {
        while (true) {
            byte[] mutated = samples.get(random.nextInt(samples.size()));
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                mutated = change(mutated);
            }
            byte[] candidate = mutated;
            if (samples.stream().noneMatch(sample -> Arrays.equals(sample, candidate))) {
                return mutated;
            }
        }
    }

    private byte[] change(byte[] bytes) {
        if (bytes.length == 0) {
            return TOKENS[random.nextInt(TOKENS.length)].clone();
        }
        int at = random.nextInt(bytes.length);
        int length = 1 + random.nextInt(Math.min(64, bytes.length - at));
        return switch (random.nextInt(7)) {
            case 0 -> flip(bytes, at, 1 << random.nextInt(8));
            case 1 -> flip(bytes, at, 1 + random.nextInt(255));
            case 2 -> Arrays.copyOf(bytes, at);
            case 3 -> join(bytes, at, new byte[0], at + length);
            case 4 -> join(bytes, at, Arrays.copyOfRange(bytes, at, at + length), at);
            case 5 -> join(bytes, at, TOKENS[random.nextInt(TOKENS.length)], at + random.nextInt(2) * length);
            default -> splice(bytes, at);
        };
    }

    private static byte[] flip(byte[] bytes, int at, int bits) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) bits;
        return flipped;
    }

    /** Goes on with the end of another sample. */
    private byte[] splice(byte[] bytes, int at) {
        byte[] other = samples.get(random.nextInt(samples.size()));
        return join(bytes, at, Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length), bytes.length);
    }

    private static byte[] join(byte[] bytes, int until, byte[] middle, int from) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, until);
        out.writeBytes(middle);
        out.write(bytes, from, bytes.length - from);
        return out.toByteArray();
    }
}
