package org.commissure.privacy.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Builds the X.509 certificates of the federation (RFC 5280). */
final class SubjectCertificates {
    /**
     * Extended key usage of signing certificates. An object identifier under 2.25 is a UUID
     * (ITU-T X.667) and needs no registration; ours is a random one.
     */
    static final String SIGNING_USAGE = "2.25.5053107817219712803015342438250092760";

    /**
     * Extension of every member's certificate: the DER encoding of the issuing authority's certificate. Members'
     * certificates travel alone, in messages, in the log and in files that leave the federation, and are judged by
     * whoever knows nothing but the root.
     */
    static final String ISSUER_EXTENSION = "2.25.71034551892360218417659032188457120931";

    private static final SecureRandom SERIALS = new SecureRandom();

    private SubjectCertificates() {}

    /** The root's own certificate; its URI name is {@code commissure://<federation>}. */
    static X509Certificate root(String federationId, KeyPair key, Instant from, Instant until) {
        X500Principal name = new X500Principal("CN=Commissure federation " + federationId + ",O=" + federationId);
        String uri = FederationRoot.uri(federationId);
        return authority(name, key.getPrivate(), name, key.getPublic(), uri, 1, from, until);
    }

    /** An authority that issues members' certificates under {@code root}, and no other authority. */
    static X509Certificate issuing(
            X509Certificate root, PrivateKey rootKey, String federationId, PublicKey key, Instant from, Instant until) {
        X500Principal name =
                new X500Principal("CN=Commissure issuing authority " + federationId + ",O=" + federationId);
        String uri = FederationRoot.uri(federationId);
        return authority(root.getSubjectX500Principal(), rootKey, name, key, uri, 0, from, until);
    }

    private static X509Certificate authority(
            X500Principal issuer,
            PrivateKey issuerKey,
            X500Principal name,
            PublicKey key,
            String uri,
            int pathLength,
            Instant from,
            Instant until) {
        JcaX509v3CertificateBuilder builder = builder(issuer, name, key, from, until);
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(pathLength));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
            builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("building the authority's certificate", e);
        }
        return sign(builder, issuerKey);
    }

    /** A certificate that a key issues for itself, so that a key store takes the key; no member's, and no authority's. */
    static X509Certificate placeholder(String name, KeyPair key, Instant from, Instant until) {
        X500Principal self = new X500Principal("CN=" + name);
        return sign(builder(self, self, key.getPublic(), from, until), key.getPrivate());
    }

    /** The issuing authority's certificate that a member's carries, where it carries one. */
    static Optional<X509Certificate> issuerIn(X509Certificate member) {
        byte[] wrapped = member.getExtensionValue(ISSUER_EXTENSION);
        if (wrapped == null) {
            return Optional.empty();
        }
        try {
            byte[] value = ASN1OctetString.getInstance(wrapped).getOctets();
            return Optional.of(
                    Certificates.fromDer(ASN1OctetString.getInstance(value).getOctets()));
        } catch (CertificateException | RuntimeException e) { // Bouncy Castle throws unchecked
            return Optional.empty();
        }
    }

    /** @param hosts DNS names or IP addresses that a server is reached by; empty for clients */
    static X509Certificate subject(
            X509Certificate issuing,
            PrivateKey issuingKey,
            CertificateName name,
            Purpose purpose,
            PublicKey key,
            List<String> hosts,
            Instant from,
            Instant until) {
        X500Principal subject =
                new X500Principal("CN=" + name.name() + ",OU=" + name.role().text() + ",O=" + name.federation());
        JcaX509v3CertificateBuilder builder = builder(issuing.getSubjectX500Principal(), subject, key, from, until);
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(
                            purpose == Purpose.TLS
                                    ? KeyUsage.digitalSignature
                                    : KeyUsage.digitalSignature | KeyUsage.nonRepudiation));
            builder.addExtension(Extension.extendedKeyUsage, false, usage(purpose));
            builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames(name, hosts));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(issuing));
            builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
            builder.addExtension(
                    new ASN1ObjectIdentifier(ISSUER_EXTENSION), false, new DEROctetString(Certificates.der(issuing)));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("building a certificate for " + name.uri(), e);
        }
        return sign(builder, issuingKey);
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, PublicKey key, Instant from, Instant until) {
        BigInteger serial = new BigInteger(126, SERIALS).setBit(126); // positive, 16 bytes at most
        return new JcaX509v3CertificateBuilder(issuer, serial, Date.from(from), Date.from(until), subject, key);
    }

    private static ExtendedKeyUsage usage(Purpose purpose) {
        return switch (purpose) {
            case TLS ->
                new ExtendedKeyUsage(new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth});
            case SIGNING -> new ExtendedKeyUsage(KeyPurposeId.getInstance(new ASN1ObjectIdentifier(SIGNING_USAGE)));
        };
    }

    private static GeneralNames alternativeNames(CertificateName name, List<String> hosts) {
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(GeneralName.uniformResourceIdentifier, name.uri()));
        for (String host : hosts) {
            boolean address = host.contains(":") || host.matches("[0-9]+(\\.[0-9]+){3}");
            names.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host));
        }
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key) {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder(SignedMessages.algorithm(key.getAlgorithm())).build(key)));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("the authority's key cannot sign", e);
        }
    }
}
