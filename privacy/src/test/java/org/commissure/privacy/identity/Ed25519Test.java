package org.commissure.privacy.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Signatures with the JDK's keys against published vectors, which lie beside the repository. */
class Ed25519Test {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] NO_PREFIX = {};

    @Test
    void signaturesAreThoseOfRfc8032() throws Exception {
        for (JsonNode vector : reference("ed25519_rfc8032.json")) {
            PrivateKey key = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(HEX.parseHex("302e020100300506032b657004220420"
                            + vector.get("sk").asText().substring(0, 64))));
            ByteString message = bytes(vector, "msg");
            byte[] signature = Ed25519.sign(key, NO_PREFIX, message);
            assertThat(ByteString.copyFrom(signature)).isEqualTo(bytes(vector, "sig"));
            assertThat(Ed25519.verify(publicKey(vector), NO_PREFIX, message, bytes(vector, "sig")))
                    .isTrue();
            assertThat(Ed25519.verify(publicKey(vector), new byte[] {0}, message, ByteString.copyFrom(signature)))
                    .isFalse();
        }
    }

    @Test
    void whatWycheproofCallsInvalidIsRefused() throws Exception {
        for (JsonNode vector : reference("wycheproof_ed25519_subset.json")) {
            assertThat(Ed25519.verify(publicKey(vector), NO_PREFIX, bytes(vector, "msg"), bytes(vector, "sig")))
                    .as("%s %s", vector.get("tcId"), vector.get("comment"))
                    .isEqualTo(vector.get("result").asText().equals("valid"));
        }
    }

    private static PublicKey publicKey(JsonNode vector) throws Exception {
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(HEX.parseHex(
                        "302a300506032b6570032100" + vector.get("pk").asText())));
    }

    private static ByteString bytes(JsonNode vector, String field) {
        return ByteString.copyFrom(HEX.parseHex(vector.get(field).asText()));
    }

    private static JsonNode reference(String name) throws IOException {
        String named = System.getenv("COMMISSURE_SHARED");
        Path folder = named != null ? Path.of(named) : Path.of("../../shared");
        Path file = folder.resolve("reference/kat").resolve(name);
        Assumptions.assumeTrue(Files.exists(file), () -> "skipped: no reference data at " + file);
        return new ObjectMapper().readTree(file.toFile()).get("vectors");
    }
}
