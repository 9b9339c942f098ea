package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.commissure.privacy.identity.BadSignatureException;
import org.commissure.privacy.identity.CertificateRefusedException;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.Purpose;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.Party;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SumId;

/** R0: a configuration, and the certificates that every later message is judged by. Immutable. */
final class SumParties {
    private final SecureSumConfig config;
    private final ByteString configHash;
    private final List<X509Certificate> certificates;
    private final Map<ByteString, Integer> indexByCertificate = new HashMap<>();

    private SumParties(Signed signedConfig, SecureSumConfig config, List<X509Certificate> certificates) {
        this.config = config;
        this.configHash = SignedMessages.sha256(signedConfig.getPayload());
        this.certificates = certificates;
        for (int i = 0; i < certificates.size(); i++) {
            indexByCertificate.put(SignedMessages.sha256(certificates.get(i)), i + 1);
        }
    }

    /** Judges the signature, every party's certificate, and the numbers. */
    static SumParties verify(Signed signed, X509Certificate coordinator, CertificateVerifier verifier)
            throws SecAggException {
        SecureSumConfig config;
        try {
            verifier.verify(coordinator, Role.COORDINATOR, Purpose.SIGNING);
            config = SignedMessages.open(signed, SecureSumConfig.parser(), coordinator);
        } catch (CertificateRefusedException | BadSignatureException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
        ConfigRules.check(config);
        List<X509Certificate> certificates = certificates(config);
        for (int i = 0; i < certificates.size(); i++) {
            String site = config.getParty(i).getSite();
            try {
                String name = verifier.verify(certificates.get(i), Role.SITE, Purpose.SIGNING)
                        .name();
                if (!name.equals(site)) {
                    throw refused("the certificate of party '" + site + "' is that of '" + name + "'");
                }
            } catch (CertificateRefusedException e) {
                throw refused("party '" + site + "': " + e.getMessage());
            }
        }
        SumParties parties = new SumParties(signed, config, certificates);
        if (parties.indexByCertificate.size() != certificates.size()) {
            throw refused("two parties have the same certificate");
        }
        return parties;
    }

    /** From a state that was verified before it was saved: certificates may have expired since. */
    static SumParties alreadyVerified(Signed signed) throws SecAggException {
        try {
            SecureSumConfig config = SecureSumConfig.parseFrom(signed.getPayload());
            return new SumParties(signed, config, certificates(config));
        } catch (InvalidProtocolBufferException e) {
            throw refused("it cannot be decoded");
        }
    }

    /**
     * Opens a site's signed message; its author is whoever owns the certificate, and the index inside
     * must say the same.
     */
    <M extends Message> M open(String step, Signed signed, Parser<M> parser, ToIntFunction<M> indexOf)
            throws SecAggException {
        Integer index = indexByCertificate.get(signed.getCertificateSha256());
        if (index == null) {
            throw new SecAggException(
                    step, Steps.COORDINATOR, "a message is signed with a certificate of none of the parties");
        }
        try {
            M message = SignedMessages.open(signed, parser, certificates.get(index - 1));
            if (indexOf.applyAsInt(message) != index) {
                throw new SecAggException(
                        step, name(index), "it speaks as party " + indexOf.applyAsInt(message) + ", but is " + index);
            }
            return message;
        } catch (BadSignatureException e) {
            throw new SecAggException(step, name(index), String.valueOf(e.getMessage()));
        }
    }

    /** Refuses a frame of another sum, round or attempt. */
    void requireSum(String step, SumId sum) throws SecAggException {
        if (!sum.equals(config.getSum())) {
            throw new SecAggException(
                    step, Steps.COORDINATOR, "it belongs to another sum, round or attempt than the one in progress");
        }
    }

    SecureSumConfig config() {
        return config;
    }

    ByteString configHash() {
        return configHash;
    }

    int size() {
        return certificates.size();
    }

    Ring ring() {
        return new Ring(config.getRingBits());
    }

    int threshold() {
        return config.getThreshold();
    }

    /** At least t can answer, and c colluders still see a sum over two others. */
    int fewestSites() {
        return Math.max(config.getThreshold(), config.getMaxColluders() + 2);
    }

    /** @throws IndexOutOfBoundsException if {@code index} is not in 1..n */
    String name(int index) {
        return config.getParty(index - 1).getSite();
    }

    /** 0 for a certificate of none of the parties. */
    int indexOf(X509Certificate certificate) {
        return indexByCertificate.getOrDefault(SignedMessages.sha256(certificate), 0);
    }

    private static List<X509Certificate> certificates(SecureSumConfig config) throws SecAggException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Party party : config.getPartyList()) {
            try {
                certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(
                                party.getSigningCertificate().toByteArray())));
            } catch (CertificateException e) {
                throw refused("the certificate of party '" + party.getSite() + "' cannot be decoded");
            }
        }
        return List.copyOf(certificates);
    }

    private static SecAggException refused(String symptom) {
        return new SecAggException(Steps.CONFIG, Steps.COORDINATOR, symptom);
    }
}
