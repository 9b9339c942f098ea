package org.commissure.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.coordinator.backup.HomeBackup;
import org.commissure.coordinator.backup.HomeRestore;
import org.commissure.coordinator.console.oidc.ProviderSettings;
import org.commissure.coordinator.console.oidc.TestCertificates;
import org.commissure.coordinator.console.oidc.TestProvider;
import org.commissure.coordinator.federation.Coordinator;
import org.commissure.coordinator.federation.CoordinatorConfig;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.coordinator.storage.ConsoleIdentities;
import org.commissure.coordinator.storage.ConsoleIdentities.Identity;
import org.commissure.coordinator.storage.Database;
import org.commissure.privacy.backup.BackupManifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code console oidc} and bound users, against a provider over TLS. */
@Timeout(60)
class ConsoleOidcTest {
    @TempDir
    private Path folder;

    private CoordinatorHome home;
    private TestProvider provider;
    private String authority = "";

    @BeforeEach
    void create() throws Exception {
        home = new CoordinatorHome(folder.resolve("home"));
        var unused = home.create(new CoordinatorConfig("test", "localhost", 0), Clock.systemUTC());
        provider = new TestProvider();
        authority = file("ca.pem", provider.certificates.authorityPem());
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private String[] console(String... arguments) {
        List<String> all = new ArrayList<>(List.of("console"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--home", home.folder().toString()));
        return all.toArray(String[]::new);
    }

    private String[] set(String issuer, String... more) throws IOException {
        return set(URI.create("https://console.example:8445/"), issuer, more);
    }

    private String[] set(URI console, String issuer, String... more) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "oidc",
                "set",
                "--issuer",
                issuer,
                "--client-id",
                TestProvider.CLIENT,
                "--client-secret-file",
                file("secret", TestProvider.SECRET + "\n"),
                "--console-url",
                console.toString()));
        all.addAll(List.of(more));
        return console(all.toArray(String[]::new));
    }

    @Test
    void aProviderIsSetShownAndRemoved() throws Exception {
        assertThat(TestCli.output(console("oidc", "show"))).contains("people sign in with passwords");
        assertThat(TestCli.output(set(
                        provider.issuer(),
                        "--ca-file",
                        authority,
                        "--label",
                        "Sign in with the University",
                        "--role-claim",
                        "groups",
                        "--map",
                        "cn=brain,ou=officers=officer",
                        "--map",
                        "brain=viewer",
                        "--scope",
                        "groups")))
                .contains("to be registered there exactly so: https://console.example:8445/oidc");
        Path kept = ProviderSettings.file(home.folder());
        assertThat(Files.getPosixFilePermissions(kept)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        ProviderSettings settings = ProviderSettings.read(home.folder()).orElseThrow();
        assertThat(settings.clientSecret()).isEqualTo(TestProvider.SECRET);

        String shown = TestCli.output(console("oidc", "show", "--check", "--json"));
        assertThat(shown).doesNotContain(TestProvider.SECRET);
        JsonNode facts = new ObjectMapper().readTree(shown);
        assertThat(facts.get("issuer").asText()).isEqualTo(provider.issuer());
        assertThat(facts.get("roles")).hasSize(2);
        assertThat(facts.get("scopes").toString()).isEqualTo("[\"openid\",\"profile\",\"email\",\"groups\"]");

        assertThat(TestCli.output(console("oidc", "remove"))).contains("nobody signs in");
        assertThat(kept).doesNotExist();
        assertThat(TestCli.error(console("oidc", "remove"))).contains("no OpenID provider is set");
    }

    private void refused(String why, String remedy, String... arguments) {
        assertThat(TestCli.error(arguments)).contains(why, remedy).doesNotContain(TestProvider.SECRET);
        assertThat(ProviderSettings.file(home.folder())).doesNotExist();
    }

    @Test
    void whatCannotWorkIsSaidAndNothingIsKept() throws Exception {
        refused("certificate is not trusted", "--ca-file", set(provider.issuer()));
        refused(
                "certificate is not trusted",
                "--ca-file",
                set(provider.issuer(), "--ca-file", file("other.pem", new TestCertificates().authorityPem())));
        refused("holds no certificate", "PEM", set(provider.issuer(), "--ca-file", file("no.pem", "nothing")));
        refused(
                "no https address",
                "write it as https://",
                set(provider.issuer().replace("https", "http")));
        refused(
                "is of another issuer: " + provider.issuer(),
                "name it exactly so",
                set(provider.issuer() + "/", "--ca-file", authority));
        refused(
                "no discovery document at " + provider.issuer() + "/realms/x/.well-known/openid-configuration",
                "HTTP status 404",
                set(provider.issuer() + "/realms/x", "--ca-file", authority));
        provider.close();
        refused("no connection", "firewall", set(provider.issuer(), "--ca-file", authority));
    }

    @Test
    void aProviderThatCannotDoWhatIsNeededIsNotSet() throws Exception {
        String[] set = set(provider.issuer(), "--ca-file", authority);
        provider.description = metadata -> metadata.setCodeChallengeMethods(List.of(CodeChallengeMethod.PLAIN));
        refused("no PKCE with S256", "another provider", set);
        provider.description = metadata -> metadata.setIDTokenJWSAlgs(List.of(JWSAlgorithm.HS256));
        refused("signs ID tokens with none of", "another provider", set);
        provider.description = metadata -> metadata.setTokenEndpointURI(URI.create("http://localhost:1/token"));
        refused("token endpoint is no https address", "another provider", set);
        provider.description = metadata -> {};
        assertThat(Main.run(set)).isZero();
    }

    @Test
    void whatIsTypedWrongIsSaid() throws Exception {
        refused("maps nothing", "VALUE=ROLE", set(provider.issuer(), "--role-claim", "groups", "--map", "officer"));
        refused(
                "no role 'king'",
                "choose viewer",
                set(provider.issuer(), "--role-claim", "groups", "--map", "brain=king"));
        refused("without the claim", "--role-claim", set(provider.issuer(), "--map", "brain=viewer"));
        refused("without a role", "--map", set(provider.issuer(), "--role-claim", "groups"));
        refused("redirect URI", "the console's own address", set(URI.create("https://h/x"), provider.issuer()));
        assertThat(TestCli.error(console("users", "add", "eve", "--role", "viewer", "--email", "eve@example.org")))
                .contains("no OpenID provider is set", "console oidc set");
    }

    @Test
    void usersAreBoundAndUnbound() throws Exception {
        assertThat(Main.run(set(provider.issuer(), "--ca-file", authority))).isZero();
        assertThat(TestCli.output(console("users", "add", "eve", "--role", "viewer", "--email", "Eve@Example.org")))
                .contains("through the OpenID provider");
        assertThat(TestCli.output(console("users", "list"))).contains("through the provider as eve@example.org");
        assertThat(TestCli.error(console("users", "add", "e2", "--role", "viewer", "--email", "eve@example.org")))
                .contains("is a user already");
        assertThat(TestCli.error(console("users", "bind", "eve", "--none"))).contains("no password");
        assertThat(TestCli.error(console("users", "bind", "eve"))).contains("not said to whom");
        assertThat(TestCli.error(console("users", "bind", "eve", "--email", "nobody")))
                .contains("no e-mail address");
        assertThat(Main.run(console("users", "bind", "eve", "--subject", "77aa")))
                .isZero();
        assertThat(identities())
                .containsExactly(new Identity("eve", provider.issuer(), Optional.of("77aa"), Optional.empty(), false));
        String password = file("password", "a password for the tests");
        assertThat(Main.run(console("users", "password", "eve", "--password-file", password)))
                .isZero();
        assertThat(Main.run(console("users", "bind", "eve", "--none"))).isZero();
        assertThat(identities()).isEmpty();
        assertThat(Main.run(console("users", "bind", "eve", "--subject", "77aa")))
                .isZero();
        assertThat(Main.run(console("users", "remove", "eve"))).isZero();
        assertThat(identities()).isEmpty();
    }

    private List<Identity> identities() {
        try (Database database = Database.open(home.databaseFile())) {
            return new ConsoleIdentities(database).all();
        }
    }

    @Test
    void aBackupHoldsTheSecretOnlyUnderAPassphrase() throws Exception {
        assertThat(Main.run(set(provider.issuer(), "--ca-file", authority))).isZero();
        BackupManifest open = HomeBackup.write(home, folder.resolve("open"), null, Clock.systemUTC());
        assertThat(open.entries()).extracting(BackupManifest.Entry::name).doesNotContain("oidc.toml");
        Coordinator.open(home, Clock.systemUTC()).close(); // publishes the log, without which nothing is restored
        char[] passphrase = "a passphrase for the tests".toCharArray();
        var unused = HomeBackup.write(home, folder.resolve("sealed"), passphrase.clone(), Clock.systemUTC());
        Path restored = folder.resolve("restored");
        var done = HomeRestore.restore(folder.resolve("sealed"), restored, passphrase);
        assertThat(ProviderSettings.read(restored)).isEqualTo(ProviderSettings.read(home.folder()));
        assertThat(Files.getPosixFilePermissions(ProviderSettings.file(restored)))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
}
