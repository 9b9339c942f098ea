package org.commissure.privacy.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
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

    private static final SecureRandom SERIALS = new SecureRandom();

    private SubjectCertificates() {}

    /** The authority's own certificate; its URI name is {@code commissure://<federation>}. */
    static X509Certificate authority(String federationId, KeyPair key, Instant from, Instant until) {
        X500Principal name = new X500Principal("CN=Commissure federation " + federationId + ",O=" + federationId);
        JcaX509v3CertificateBuilder builder = builder(name, name, key.getPublic(), from, until);
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(
                            GeneralName.uniformResourceIdentifier, FederationAuthority.uri(federationId))));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key.getPublic()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("building the authority's certificate", e);
        }
        return sign(builder, key.getPrivate());
    }

    /** @param hosts DNS names or IP addresses that a server is reached by; empty for clients */
    static X509Certificate subject(
            X509Certificate authority,
            PrivateKey authorityKey,
            CertificateName name,
            Purpose purpose,
            PublicKey key,
            List<String> hosts,
            Instant from,
            Instant until) {
        X500Principal subject =
                new X500Principal("CN=" + name.name() + ",OU=" + name.role().text() + ",O=" + name.federation());
        JcaX509v3CertificateBuilder builder = builder(authority.getSubjectX500Principal(), subject, key, from, until);
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
                    Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(authority));
            builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("building a certificate for " + name.uri(), e);
        }
        return sign(builder, authorityKey);
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
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("the authority's key cannot sign", e);
        }
    }
}
