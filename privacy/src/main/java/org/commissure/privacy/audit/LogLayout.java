package org.commissure.privacy.audit;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.UserError;

/**
 * The files of a log's folder beside its tiles: {@code checkpoint}, {@code trust/authority.pem},
 * {@code trust/log.vkey}, {@code certificates/<sha256>.der} of every actor, and {@code
 * witnesses/<site>} with the newest checkpoint that each site's witness cosigned.
 */
record LogLayout(Path folder) {
    Path checkpoint() {
        return folder.resolve("checkpoint");
    }

    Path authority() {
        return folder.resolve("trust").resolve("authority.pem");
    }

    Path verifierKey() {
        return folder.resolve("trust").resolve("log.vkey");
    }

    Path certificates() {
        return folder.resolve("certificates");
    }

    Path witnesses() {
        return folder.resolve("witnesses");
    }

    /** Whether a file is one that is being written, or was left by a crash. */
    static boolean isTemporary(Path file) {
        return file.getFileName().toString().endsWith(DurableFile.TEMPORARY_SUFFIX);
    }

    Path lock() {
        return folder.resolve(".lock");
    }

    Path certificate(ByteString sha256) {
        return certificates().resolve(HexFormat.of().formatHex(sha256.toByteArray()) + ".der");
    }

    /** @throws UserError if there is none */
    String readCheckpoint() {
        try {
            return Files.readString(checkpoint(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserError(
                    checkpoint() + " cannot be read", "name the folder of a log, and restore it from its backup", e);
        }
    }

    /** @throws UserError if there is none, or it is not an Ed25519 note key */
    NoteKey.Verifier readVerifierKey() {
        try {
            String line = Files.readString(verifierKey(), StandardCharsets.UTF_8);
            if (line.endsWith("\n")) {
                return NoteKey.Verifier.parse(NoteKey.Kind.LOG, line.substring(0, line.length() - 1));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw badVerifierKey(e);
        }
        throw badVerifierKey(new IOException("no end of line"));
    }

    /** The actor's certificate, if it is there and its file holds what its name says. */
    Optional<X509Certificate> readCertificate(ByteString sha256) {
        try {
            byte[] der = Files.readAllBytes(certificate(sha256));
            return SignedMessages.sha256(ByteString.copyFrom(der)).equals(sha256)
                    ? Optional.of(Certificates.fromDer(der))
                    : Optional.empty();
        } catch (IOException | CertificateException e) {
            return Optional.empty();
        }
    }

    /** Stores an actor's certificate unless it is there in good order. */
    void keepCertificate(X509Certificate actor) throws IOException {
        ByteString sha256 = SignedMessages.sha256(actor);
        if (readCertificate(sha256).isEmpty()) {
            DurableFile.write(certificate(sha256), Certificates.der(actor));
        }
    }

    private UserError badVerifierKey(Exception cause) {
        return new UserError(
                verifierKey() + " is not the key of a log", "restore it from the coordinator or a backup", cause);
    }
}
