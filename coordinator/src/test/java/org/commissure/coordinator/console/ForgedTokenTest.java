package org.commissure.coordinator.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.coordinator.console.oidc.TestProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** ID tokens over TLS, from the right provider, to the right browser, that prove nothing all the same. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForgedTokenTest {
    private static final RSAKey FOREIGN = TestProvider.newKey("first");
    private static final RSAKey UNKNOWN = TestProvider.newKey("foreign");

    private ProviderConsole at;

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        at = new ProviderConsole(folder);
    }

    @AfterAll
    void close() {
        at.close();
    }

    static Stream<Arguments> forgeries() {
        return Stream.of(
                forgery("nonce of another sign-in", p -> p.claims = c -> c.claim("nonce", "n-0S6_WzA2Mj")),
                forgery("no nonce", p -> p.claims = c -> c.claim("nonce", null)),
                forgery("for another client", p -> p.claims = c -> c.audience("another")),
                forgery(
                        "for two, and given to the other",
                        p -> p.claims = c -> c.audience(List.of(TestProvider.CLIENT, "another"))
                                .claim("azp", "another")),
                forgery("of another issuer", p -> p.claims = c -> c.issuer("https://evil.example")),
                forgery(
                        "expired",
                        p -> p.claims = c -> c.issueTime(Date.from(Instant.now().minusSeconds(900)))
                                .expirationTime(Date.from(Instant.now().minusSeconds(300)))),
                forgery("without an end", p -> p.claims = c -> c.expirationTime(null)),
                forgery(
                        "of the future",
                        p -> p.claims = c -> c.issueTime(Date.from(Instant.now().plusSeconds(900)))
                                .expirationTime(Date.from(Instant.now().plusSeconds(1800)))),
                forgery("about nobody", p -> p.claims = c -> c.subject(null)),
                forgery("alg none", p -> p.signer = (claims, key) -> new PlainJWT(claims)),
                forgery(
                        "by a foreign key of the same name",
                        p -> p.signer = (claims, key) -> TestProvider.signed(claims, FOREIGN)),
                forgery(
                        "by a foreign key of another name",
                        p -> p.signer = (claims, key) -> TestProvider.signed(claims, UNKNOWN)),
                forgery(
                        "by the client's secret",
                        p -> p.signer = (claims, key) -> {
                            SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
                            token.sign(new MACSigner(TestProvider.SECRET.getBytes(StandardCharsets.UTF_8)));
                            return token;
                        }),
                forgery(
                        "by the public key as a secret",
                        p -> p.signer = (claims, key) -> {
                            SignedJWT token = new SignedJWT(
                                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                                            .keyID(key.getKeyID())
                                            .build(),
                                    claims);
                            token.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
                            return token;
                        }),
                forgery(
                        "changed after it was signed",
                        p -> p.signer = (claims, key) -> {
                            String[] parts =
                                    TestProvider.signed(claims, key).serialize().split("\\.");
                            String changed = claims.toString().replace("surgery", "brain");
                            return SignedJWT.parse(parts[0] + "."
                                    + Base64.getUrlEncoder()
                                            .withoutPadding()
                                            .encodeToString(changed.getBytes(StandardCharsets.UTF_8))
                                    + "." + parts[2]);
                        }));
    }

    /** What a provider, or somebody in its place, may send. */
    private interface Lie {
        void prepare(TestProvider provider);
    }

    private static Arguments forgery(String name, Lie lie) {
        return Arguments.of(name, lie);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgeries")
    void aTokenThatProvesNothingIsRefused(String name, Lie lie) throws Exception {
        boolean changed = name.startsWith("changed");
        at.provider.tellTheTruth();
        lie.prepare(at.provider);
        at.refused(changed ? ProviderConsole.NOBODY : ProviderConsole.OFFICER, 401, "the ID token does not hold");
        assertThat(at.console.identities.all()).isEmpty();
    }

    /** Or the others would be refused for something else. */
    @Test
    void theSamePersonWithATrueTokenComesIn() throws Exception {
        at.provider.tellTheTruth();
        try (Browser browser = at.console.browser()) {
            assertThat(at.signIn(browser, ProviderConsole.OFFICER).statusCode()).isEqualTo(200);
        }
        at.console.identities.removeGranted();
    }
}
