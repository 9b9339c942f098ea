package org.commissure.privacy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Throws mutated inputs at every parser of this package: certificate requests, certificates with the one they carry,
 * deny lists, and the JSON files that travel. Each must be refused with one of our own errors, or be worth the same as
 * the original; what is signed must be refused.
 */
class ParserFuzzTest {
    private static final int INPUTS = 100_000;
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    private Path folder;

    private interface Parser {
        /** @return whether the input was accepted although it says something else */
        boolean acceptsForgery(byte[] input) throws Exception;
    }

    private record Target(byte[] original, Parser parser) {}

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void mutatedInputsAreRefusedAndNeverCrashAParser() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Target> targets = targets();
        int each = INPUTS / targets.size() + 1;
        targets.forEach((name, target) -> {
            for (int i = 0; i < each; i++) {
                byte[] input = mutated(target.original(), random);
                if (!Arrays.equals(input, target.original())) {
                    attack(name, target, input, seed);
                }
            }
        });
        assertThat(each * targets.size()).isGreaterThanOrEqualTo(INPUTS);
    }

    private static void attack(String name, Target target, byte[] input, long seed) {
        try {
            if (target.parser().acceptsForgery(input)) {
                fail("%s: a mutated input was accepted, seed %d", name, seed);
            }
        } catch (UserError | CertificateRefusedException | EnrolmentRefusedException | CertificateException e) {
            // One of our own refusals.
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            fail(name + ": seed " + seed, e);
        }
    }

    private Map<String, Target> targets() throws Exception {
        FederationAuthority authority = FederationAuthority.create(folder.resolve("a"), "net", CLOCK);
        EnrolmentRequests requests = EnrolmentRequests.generate("NYU");
        EnrolledCertificates issued = authority.enrol("NYU", requests.tlsRequestDer(), requests.signingRequestDer());
        CertificateVerifier verifier = new CertificateVerifier(authority.certificate(), CLOCK);
        byte[] denied = DenyList.EMPTY
                .with(Role.SITE, "NYU", "the disk was stolen", CLOCK.instant())
                .signed("net", authority.issueSigning(Role.COORDINATOR, "coordinator"), CLOCK);
        ObjectMapper json = new ObjectMapper();
        RequestFile requestFile = RequestFile.of("net", Role.SITE, "NYU", requests);
        CertificateFile certificateFile = new CertificateFile(
                "net",
                "site",
                "NYU",
                "localhost",
                8443,
                Certificates.der(authority.certificate()),
                Certificates.der(issued.tls()),
                Certificates.der(issued.signing()),
                Certificates.der(issued.signing()),
                "log+00000000+key");
        Invitation invitation =
                new Invitation("net", "NYU", "localhost", 8443, "0".repeat(64), EnrolmentToken.encode(new byte[32]), 1);

        Map<String, Target> targets = new LinkedHashMap<>();
        targets.put(
                "certificate request",
                new Target(
                        requests.signingRequestDer(),
                        input ->
                                CheckedRequest.of(input, Purpose.SIGNING, "NYU").key() == null));
        targets.put(
                "certificate",
                new Target(
                        Certificates.der(issued.signing()),
                        input -> verifier.verify(Certificates.fromDer(input), Role.SITE, Purpose.SIGNING) != null));
        targets.put(
                "deny list",
                new Target(denied, input -> !DenyList.open(input, verifier).equals(DenyList.open(denied, verifier))));
        targets.put(
                "request file",
                new Target(
                        json.writeValueAsBytes(requestFile),
                        input -> RequestFile.parse(input).fingerprint().isEmpty()));
        targets.put(
                "certificate file",
                new Target(
                        json.writeValueAsBytes(certificateFile),
                        input -> CertificateFile.parse(input).rootSha256().isEmpty()));
        targets.put(
                "invitation",
                new Target(
                        json.writeValueAsBytes(invitation),
                        input -> Invitation.parse(input).token().isEmpty()));
        return targets;
    }

    /** Flips, cuts, repeats, inserts; one to four times. */
    private static byte[] mutated(byte[] original, SplittableRandom random) {
        byte[] bytes = original.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            bytes = switch (random.nextInt(5)) {
                case 0, 1 -> {
                    if (bytes.length > 0) {
                        bytes[at] ^= (byte) (1 << random.nextInt(8));
                    }
                    yield bytes;
                }
                case 2 -> Arrays.copyOf(bytes, at);
                case 3 -> spliced(bytes, at, at, new byte[] {(byte) random.nextInt(256)});
                default -> {
                    int end = Math.min(bytes.length, at + 1 + random.nextInt(64));
                    yield spliced(bytes, at, end, Arrays.copyOfRange(original, 0, random.nextInt(original.length)));
                }
            };
        }
        return bytes;
    }

    /** {@code bytes} with {@code [from, to)} replaced. */
    private static byte[] spliced(byte[] bytes, int from, int to, byte[] replacement) {
        byte[] result = new byte[bytes.length - (to - from) + replacement.length];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(replacement, 0, result, from, replacement.length);
        System.arraycopy(bytes, to, result, from + replacement.length, bytes.length - to);
        return result;
    }
}
