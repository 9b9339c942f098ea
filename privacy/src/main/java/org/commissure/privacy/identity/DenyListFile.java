package org.commissure.privacy.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;

/**
 * The newest deny list that a member has seen, kept across restarts. A list older than that is refused, so that
 * nobody can take a denial back by repeating what was said before it. Thread-safe.
 */
public final class DenyListFile implements Supplier<DenyList> {
    private final Path file;
    private final CertificateVerifier verifier;
    private volatile DenyList newest;

    /**
     * @param file need not exist yet
     * @param verifier must not itself ask for the deny list
     * @throws UserError if the file is damaged
     */
    public DenyListFile(Path file, CertificateVerifier verifier) {
        this.file = file;
        this.verifier = verifier;
        try {
            this.newest = Files.exists(file) ? DenyList.open(Files.readAllBytes(file), verifier) : DenyList.EMPTY;
        } catch (IOException | CertificateRefusedException e) {
            throw new UserError(
                    file + " cannot be used: " + e.getMessage(),
                    "restore it from its backup; without one delete it, and the coordinator sends the newest",
                    e);
        }
    }

    @Override
    public DenyList get() {
        return newest;
    }

    /**
     * Takes over a list, durably.
     *
     * @return whether it was new
     * @throws CertificateRefusedException if it is not signed by the coordinator, or older than the newest
     */
    public synchronized boolean update(byte[] signed) throws CertificateRefusedException, IOException {
        DenyList list = DenyList.open(signed, verifier);
        if (list.sequence() < newest.sequence()) {
            throw new CertificateRefusedException(
                    "the deny list " + list.sequence() + " is older than " + newest.sequence() + ", seen before",
                    "ask the coordinator's operator whether its database was replaced by an older copy");
        }
        if (list.sequence() == newest.sequence()) {
            return false;
        }
        DurableFile.write(file, signed);
        newest = list;
        return true;
    }
}
