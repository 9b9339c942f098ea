package org.commissure.coordinator.cli;

import java.nio.file.Path;
import org.commissure.coordinator.federation.CoordinatorConfig;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.privacy.identity.CertificateFile;
import org.commissure.privacy.identity.IdentityStore;

/**
 * A person's identity and where the coordinator is.
 *
 * @param federation its id
 */
record PersonFolder(IdentityStore identity, String federation, String host, int port) {
    private static final String CERTIFICATES = "certificates.json";

    static PersonFolder operatorOf(CoordinatorHome home) {
        CoordinatorConfig config = home.config();
        return new PersonFolder(new IdentityStore(home.operator()), config.federation(), config.host(), config.port());
    }

    /** @throws org.commissure.protocol.UserError if nothing was installed there */
    static PersonFolder installed(Path folder) {
        CertificateFile certificates = CertificateFile.read(certificates(folder));
        return new PersonFolder(
                new IdentityStore(folder), certificates.federationId(), certificates.host(), certificates.port());
    }

    static Path certificates(Path folder) {
        return folder.resolve(CERTIFICATES);
    }
}
