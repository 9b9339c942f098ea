package org.commissure.privacy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.LogEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityStoreTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsSavedIsLoadedAndReadableByItsOwnerOnly() throws Exception {
        FederationAuthority authority = FederationAuthority.create(folder.resolve("ca"), "net", Clock.systemUTC());
        TlsIdentity tls = authority.issueTls(Role.SITE, "NYU", List.of());
        SigningIdentity signing = authority.issueSigning(Role.SITE, "NYU");
        IdentityStore store = new IdentityStore(folder.resolve("site"));
        assertThat(store.isComplete()).isFalse();
        store.saveTls(tls);
        store.saveSigning(signing);
        store.saveAuthority(authority.certificate());

        IdentityStore reopened = new IdentityStore(folder.resolve("site"));
        assertThat(reopened.isComplete()).isTrue();
        assertThat(reopened.loadTls()).isEqualTo(tls);
        assertThat(reopened.loadAuthority()).isEqualTo(authority.certificate());
        SigningIdentity loaded = reopened.loadSigning();
        assertThat(loaded.name()).isEqualTo("NYU");
        LogEntry message = LogEntry.newBuilder().setAction("x").build();
        assertThat(loaded.sign(message)).isEqualTo(signing.sign(message)); // Ed25519 is deterministic
        try (Stream<Path> files = Files.list(folder.resolve("site"))) {
            for (Path file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void aWrongPasswordOrADamagedFileIsNamedWithARemedy() throws Exception {
        FederationAuthority authority = FederationAuthority.create(folder.resolve("ca"), "net", Clock.systemUTC());
        IdentityStore store = new IdentityStore(folder.resolve("site"));
        store.saveTls(authority.issueTls(Role.SITE, "NYU", List.of()));
        Path p12 = folder.resolve("site/tls.p12");
        Path password = folder.resolve("site/password");
        byte[] good = Files.readAllBytes(p12);
        String secret = Files.readString(password);

        Files.writeString(password, "guess");
        assertThatThrownBy(store::loadTls)
                .isInstanceOf(UserError.class)
                .hasMessageContaining(p12 + " cannot be opened")
                .extracting(e -> ((UserError) e).remedy())
                .asString()
                .contains("restore the folder");
        Files.writeString(password, secret);
        for (int at = 0; at < good.length; at += 97) {
            byte[] damaged = good.clone();
            damaged[at] ^= 0x40;
            Files.write(p12, damaged);
            assertThatThrownBy(store::loadTls).as("byte %d", at).isInstanceOf(UserError.class);
        }
        Files.write(p12, Arrays.copyOf(good, good.length / 2));
        assertThatThrownBy(store::loadTls).isInstanceOf(UserError.class).hasMessageNotContaining(secret);
        Files.delete(p12);
        assertThatThrownBy(store::loadTls).isInstanceOf(UserError.class).hasMessageContaining("cannot be read");
    }

    @Test
    void aMissingPasswordFileIsNotReplacedByANewOne() throws Exception {
        FederationAuthority.create(folder, "net", Clock.systemUTC());
        Files.delete(folder.resolve("password"));
        assertThatThrownBy(() -> FederationAuthority.open(folder, Clock.systemUTC()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("password");
    }

    @Test
    void identitiesDoNotPrintTheirKeys() {
        FederationAuthority authority = FederationAuthority.create(folder, "net", Clock.systemUTC());
        assertThat(authority.issueTls(Role.SITE, "NYU", List.of()).toString())
                .isEqualTo("TlsIdentity[CN=NYU,OU=site,O=net]");
        assertThat(EnrolmentRequests.generate("NYU").toString()).isEqualTo("EnrolmentRequests[NYU]");
    }
}
