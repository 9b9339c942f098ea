package org.commissure.privacy.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.commissure.protocol.UserError;

/** Certificates as bytes, text and fingerprints. */
public final class Certificates {
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----\n";
    private static final String END = "-----END CERTIFICATE-----\n";

    private Certificates() {}

    /** @throws CertificateException if {@code der} is not exactly one certificate */
    public static X509Certificate fromDer(byte[] der) throws CertificateException {
        X509Certificate certificate;
        boolean exact;
        try {
            certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            exact = certificate != null && Arrays.equals(certificate.getEncoded(), der) && !hasUnusedSignatureBits(der);
        } catch (RuntimeException e) {
            throw new CertificateException("not one certificate in DER", e); // the JDK's, for an empty Ed25519 key
        }
        if (!exact) {
            throw new CertificateException("not one certificate in DER");
        }
        return certificate;
    }

    /** The JDK overlooks unused bits that are zero: one certificate would have several spellings and fingerprints. */
    private static boolean hasUnusedSignatureBits(byte[] der) {
        return org.bouncycastle.asn1.x509.Certificate.getInstance(der)
                        .getSignature()
                        .getPadBits()
                != 0;
    }

    public static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("certificate without an encoding", e);
        }
    }

    /** SHA-256 of the DER encoding, in lower-case hex: what people compare out of band. */
    public static String fingerprint(X509Certificate certificate) {
        return HexFormat.of().formatHex(SignedMessages.sha256(certificate).toByteArray());
    }

    /** RFC 7468 text with lines of 64 characters. */
    public static String pem(X509Certificate certificate) {
        return BEGIN + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der(certificate)) + "\n" + END;
    }

    /** One after the other, in the order given. */
    public static String pem(List<X509Certificate> chain) {
        return chain.stream().map(Certificates::pem).collect(Collectors.joining());
    }

    /**
     * Reads what {@link #pem(List)} wrote.
     *
     * @throws UserError if {@code file} cannot be read or is anything else
     */
    public static List<X509Certificate> readPems(Path file) {
        String text = text(file);
        List<X509Certificate> chain = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf(END, from);
            int next = end < 0 ? text.length() : end + END.length();
            chain.add(parse(file, text.substring(from, next)));
            from = next;
        }
        if (chain.isEmpty()) {
            throw notOne(file, new CertificateException("empty"));
        }
        return chain;
    }

    /**
     * Reads what {@link #pem(X509Certificate)} wrote, and no other spelling of it, so that no byte of the file can
     * change unnoticed.
     *
     * @throws UserError if {@code file} cannot be read or is anything else
     */
    public static X509Certificate readPem(Path file) {
        return parse(file, text(file));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read", "check the path and the file's permissions", e);
        }
    }

    private static X509Certificate parse(Path file, String text) {
        if (text.startsWith(BEGIN) && text.endsWith(END) && text.length() > BEGIN.length() + END.length()) {
            String body = text.substring(BEGIN.length(), text.length() - END.length());
            try {
                X509Certificate certificate = fromDer(Base64.getMimeDecoder().decode(body));
                if (pem(certificate).equals(text)) {
                    return certificate;
                }
            } catch (CertificateException | IllegalArgumentException e) {
                throw notOne(file, e);
            }
        }
        throw notOne(file, new CertificateException("not canonical PEM"));
    }

    private static UserError notOne(Path file, Exception cause) {
        return new UserError(file + " is not one certificate in PEM", "restore the file from its source", cause);
    }
}
