package org.commissure.coordinator.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.commissure.privacy.identity.CertificateFile;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.EnrolmentRequests;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Completes a person's identity. */
@Command(
        name = "install",
        description = "Puts the issued certificates beside the keys that 'members request' made.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator members install anna-certs.json --identity anna --root-fingerprint HEX")
final class MembersInstallCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "What 'members issue' wrote.")
    private Path file = Path.of("");

    @Option(names = "--identity", required = true, paramLabel = "DIR", description = "The person's folder.")
    private Path identity = Path.of("");

    @Option(
            names = "--root-fingerprint",
            required = true,
            paramLabel = "HEX",
            description = "The federation's root fingerprint, heard from the operator.")
    private String rootFingerprint = "";

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    @Override
    public Integer call() {
        CertificateFile certificates = CertificateFile.read(file);
        if (!certificates.rootSha256().equals(rootFingerprint.strip().toLowerCase(Locale.ROOT))) {
            throw new UserError(
                    "the root's fingerprint in " + file + " is " + certificates.rootSha256() + ", not "
                            + rootFingerprint,
                    "do not go on: have the operator read the root's fingerprint again");
        }
        IdentityStore store = new IdentityStore(identity, passphrase.passphrase());
        EnrolmentRequests requests = store.loadWaiting(certificates.name());
        var root = CertificateFile.certificate(certificates.root());
        store.saveTls(requests.tlsIdentity(CertificateFile.certificate(certificates.tls()), root));
        store.saveSigning(requests.signingIdentity(CertificateFile.certificate(certificates.signing())));
        store.saveAuthority(root);
        certificates.write(PersonFolder.certificates(identity));
        store.deleteWaiting();
        System.out.println(certificates.role() + " '" + certificates.name() + "' of federation "
                + certificates.federationId() + " is ready in " + identity);
        System.out.println("root fingerprint: " + Certificates.fingerprint(root));
        return 0;
    }
}
