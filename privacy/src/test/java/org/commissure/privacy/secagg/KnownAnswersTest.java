package org.commissure.privacy.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The primitives against published vectors, which lie beside the repository. */
class KnownAnswersTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void x25519AgreesWithRfc7748() throws Exception {
        JsonNode reference = reference("x25519_rfc7748.json");
        for (JsonNode vector : reference.get("vectors")) {
            assertThat(new X25519Key(hex(vector, "scalar")).agree(point(vector, "u")))
                    .isEqualTo(hex(vector, "out"));
        }
        JsonNode dh = reference.get("dh");
        X25519Key a = new X25519Key(hex(dh, "a_priv"));
        X25519Key b = new X25519Key(hex(dh, "b_priv"));
        assertThat(a.publicKey()).isEqualTo(point(dh, "a_pub"));
        assertThat(b.publicKey()).isEqualTo(point(dh, "b_pub"));
        assertThat(a.agree(b.publicKey())).isEqualTo(hex(dh, "shared"));
        assertThat(b.agree(a.publicKey())).isEqualTo(hex(dh, "shared"));
    }

    @Test
    void everyLowOrderPointIsRefused() throws Exception {
        JsonNode reference = reference("x25519_rfc7748.json");
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        for (JsonNode point : reference.get("low_order_must_reject")) {
            ByteString bytes = ByteString.copyFrom(HEX.parseHex(point.asText()));
            assertThatThrownBy(() -> X25519Key.check(bytes)).isInstanceOf(InvalidKeyException.class);
            assertThatThrownBy(() -> new X25519Key(key.clone()).agree(bytes)).isInstanceOf(InvalidKeyException.class);
        }
    }

    @Test
    void x25519AgreesWithWycheproof() throws Exception {
        for (JsonNode vector : reference("wycheproof_x25519_subset.json").get("vectors")) {
            X25519Key key = new X25519Key(hex(vector, "private"));
            ByteString peer = point(vector, "public");
            boolean zero = vector.get("shared").asText().matches("0+");
            if (zero) {
                assertThatThrownBy(() -> X25519Key.check(peer)).isInstanceOf(InvalidKeyException.class);
                assertThatThrownBy(() -> key.agree(peer)).isInstanceOf(InvalidKeyException.class);
            } else {
                X25519Key.check(peer);
                assertThat(key.agree(peer)).isEqualTo(hex(vector, "shared"));
            }
        }
    }

    @Test
    void mlKemAgreesWithWycheproof() throws Exception {
        for (JsonNode vector : reference("wycheproof_mlkem768_subset.json").get("vectors")) {
            byte[] seed = hex(vector, "seed");
            if (seed.length != MlKemKey.SEED_BYTES) {
                assertThat(vector.get("result").asText()).isEqualTo("invalid");
                assertThatThrownBy(() -> new MlKemKey(seed)).isInstanceOf(IllegalArgumentException.class);
                continue;
            }
            MlKemKey key = new MlKemKey(seed);
            assertThat(key.publicKey()).isEqualTo(point(vector, "ek"));
            ByteString ciphertext = point(vector, "c");
            if (ciphertext.size() != MlKemKey.CIPHERTEXT_BYTES) {
                assertThat(vector.get("result").asText()).isEqualTo("invalid");
                assertThatThrownBy(() -> key.decapsulate(ciphertext)).isInstanceOf(InvalidKeyException.class);
            } else {
                assertThat(key.decapsulate(ciphertext)).isEqualTo(hex(vector, "K"));
            }
        }
    }

    @Test
    void anEncapsulationRepeatsWithItsCoinsAndOnlyThen() throws Exception {
        MlKemKey key = new MlKemKey(new byte[MlKemKey.SEED_BYTES]);
        byte[] coins = new byte[MlKemKey.COINS_BYTES];
        MlKemKey.Encapsulated first = MlKemKey.encapsulate(key.publicKey(), coins);
        MlKemKey.Encapsulated again = MlKemKey.encapsulate(key.publicKey(), coins);
        coins[0] = 1;
        assertThat(again.ciphertext())
                .isEqualTo(first.ciphertext())
                .isNotEqualTo(MlKemKey.encapsulate(key.publicKey(), coins).ciphertext());
        assertThat(key.decapsulate(first.ciphertext()))
                .isEqualTo(first.secret())
                .isEqualTo(again.secret());
    }

    @Test
    void hkdfAgreesWithRfc5869() throws Exception {
        for (JsonNode vector : reference("hkdf_sha256_rfc5869.json").get("vectors")) {
            assertThat(Hkdf.derive(
                            hex(vector, "ikm"),
                            hex(vector, "salt"),
                            hex(vector, "info"),
                            vector.get("L").asInt()))
                    .isEqualTo(hex(vector, "okm"));
        }
    }

    @Test
    void aMaskIsTheKeystreamOfAes256() throws Exception {
        JsonNode prg = reference("aes_ctr_nist.json").get("prg");
        assertThat(hex(prg, "iv")).containsOnly(0);
        RingVector added = RingVector.zeros(new Ring(32), 1024);
        new MaskStream(hex(prg, "key"), true).apply(added, 0, 1024, MaskStream.newKeystream());
        JsonNode first = prg.get("int32_le_first8");
        for (int i = 0; i < first.size(); i++) {
            assertThat(added.get(i)).isEqualTo(first.get(i).asInt());
        }
        assertThat(added.sha256().toByteArray()).isEqualTo(hex(prg, "sha256_of_4096"));
        new MaskStream(hex(prg, "key"), false).apply(added, 0, 1024, MaskStream.newKeystream());
        assertThat(added.toInts()).containsOnly(0);
    }

    @Test
    void aMaskOfTheRingOf64BitsIsTheSameKeystream() throws Exception {
        JsonNode prg = reference("aes_ctr_nist.json").get("prg");
        RingVector added = RingVector.zeros(new Ring(64), 512);
        new MaskStream(hex(prg, "key"), true).apply(added, 0, 512, MaskStream.newKeystream());
        JsonNode first = prg.get("int32_le_first8");
        for (int i = 0; i < first.size() / 2; i++) {
            assertThat(added.get(i))
                    .isEqualTo(first.get(2 * i).asInt() & 0xffff_ffffL
                            | (long) first.get(2 * i + 1).asInt() << 32);
        }
        assertThat(added.sha256().toByteArray()).isEqualTo(hex(prg, "sha256_of_4096"));
        byte[] wire = new byte[4096];
        added.pack(0, 512, wire);
        assertThat(MessageDigest.getInstance("SHA-256").digest(wire)).isEqualTo(hex(prg, "sha256_of_4096"));
        new MaskStream(hex(prg, "key"), false).apply(added, 0, 512, MaskStream.newKeystream());
        assertThat(added.toInts()).containsOnly(0);
    }

    @Test
    void theKeystreamGoesOnAsTheReferenceSays() throws Exception {
        JsonNode prg = reference("aes_ctr_nist.json").get("prg");
        RingVector mask = RingVector.zeros(new Ring(32), 1024);
        new MaskStream(hex(prg, "key"), true).apply(mask, 0, 1024, MaskStream.newKeystream());
        byte[] bytes = new byte[4096];
        mask.pack(0, 1024, bytes);
        byte[] first = hex(prg, "first64");
        assertThat(Arrays.copyOf(bytes, first.length)).isEqualTo(first);
        byte[] later = hex(prg, "at_block_128");
        assertThat(Arrays.copyOfRange(bytes, 128 * 16, 128 * 16 + later.length)).isEqualTo(later);
        byte[] carried = hex(prg, "counter_carry_out");
        assertThat(counterMode(hex(prg, "key"), hex(prg, "counter_carry_iv"), new byte[carried.length]))
                .isEqualTo(carried);
    }

    @Test
    void counterModeAgreesWithNist() throws Exception {
        for (JsonNode vector : reference("aes_ctr_nist.json").get("vectors")) {
            assertThat(counterMode(hex(vector, "key"), hex(vector, "ctr"), hex(vector, "pt")))
                    .isEqualTo(hex(vector, "ct"));
        }
    }

    @Test
    void hmacAgreesWithRfc4231() throws Exception {
        for (JsonNode vector : reference("hmac_sha256_rfc4231.json").get("vectors")) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(hex(vector, "key"), "HmacSHA256"));
            assertThat(mac.doFinal(hex(vector, "data"))).isEqualTo(hex(vector, "mac"));
        }
    }

    /** With the cipher that masks are made with. */
    private static byte[] counterMode(byte[] key, byte[] counter, byte[] plain) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(counter));
        return cipher.doFinal(plain);
    }

    @Test
    void sharesAgreeWithTheReference() throws Exception {
        for (JsonNode vector : reference("shamir_gf256.json").get("vectors")) {
            int t = vector.get("t").asInt();
            int n = vector.get("n").asInt();
            byte[] secret = hex(vector, "secret");
            byte[][] coefficients = new byte[t - 1][];
            for (int k = 1; k < t; k++) {
                coefficients[k - 1] = MessageDigest.getInstance("SHA-256")
                        .digest(("coef" + t + "/" + k).getBytes(StandardCharsets.US_ASCII));
            }
            List<Integer> all = IntStream.rangeClosed(1, n).boxed().toList();
            SortedMap<Integer, byte[]> shares = SecretSharing.evaluate(secret, coefficients, all);
            vector.get("shares")
                    .properties()
                    .forEach(share -> assertThat(shares.get(Integer.parseInt(share.getKey())))
                            .isEqualTo(HEX.parseHex(share.getValue().asText())));

            List<Integer> from = new ArrayList<>();
            if (vector.get("combine_from").isArray()) {
                vector.get("combine_from").forEach(x -> from.add(Integer.parseInt(x.asText())));
            } else {
                from.addAll(all.subList(n - t, n));
            }
            SortedMap<Integer, byte[]> chosen = new TreeMap<>(shares);
            chosen.keySet().retainAll(from);
            assertThat(SecretSharing.combine(chosen, t)).isEqualTo(secret);
            assertThatThrownBy(() -> SecretSharing.combine(chosen, t + 1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static byte[] hex(JsonNode node, String field) {
        return HEX.parseHex(node.get(field).asText());
    }

    private static ByteString point(JsonNode node, String field) {
        return ByteString.copyFrom(hex(node, field));
    }

    private static JsonNode reference(String name) throws IOException {
        Path file = shared().resolve("reference").resolve("kat").resolve(name);
        if (!Files.exists(file)) {
            System.out.println("skipped: no reference data at " + file);
            Assumptions.abort("no reference data at " + file);
        }
        return new ObjectMapper().readTree(file.toFile());
    }

    private static Path shared() {
        String named = System.getenv("COMMISSURE_SHARED");
        if (named != null) {
            return Path.of(named);
        }
        Path folder = Path.of("").toAbsolutePath();
        while (folder.getParent() != null && !Files.exists(folder.resolve("privacy/pom.xml"))) {
            folder = folder.getParent();
        }
        return folder.resolveSibling("shared");
    }
}
