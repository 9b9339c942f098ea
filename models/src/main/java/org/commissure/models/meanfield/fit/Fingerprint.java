package org.commissure.models.meanfield.fit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over all that a fit's result depends on, so that no checkpoint is continued with other inputs. */
final class Fingerprint {
    private final MessageDigest digest;

    Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    Fingerprint add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
        return this;
    }

    Fingerprint add(double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + Math.multiplyExact(values.length, Double.BYTES));
        bytes.putInt(values.length);
        for (double value : values) {
            bytes.putDouble(value);
        }
        digest.update(bytes.array());
        return this;
    }

    Fingerprint add(FitData data) {
        add(data.connectome().toArray()).add(data.target().correlation());
        return data.target().dynamics().map(this::add).orElseGet(() -> add("no dynamics"));
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
