package org.commissure.coordinator.federation;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.commissure.coordinator.storage.SiteRegistry;
import org.commissure.coordinator.storage.SiteRegistry.EnrolledSite;
import org.commissure.coordinator.transparency.LogServer;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.CertificateRefusedException;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.Permission;
import org.commissure.privacy.identity.Purpose;
import org.commissure.privacy.identity.Role;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.protocol.v1.OperatorGrpc;

/**
 * Lets a call through only for a certificate of this federation with the role that the service
 * needs. TLS itself has proved that the peer holds the certificate's key; judging the certificate
 * here and not in the handshake lets the peer read why it was refused, and the log name it. Only Enrol
 * and Now need no certificate.
 */
final class PeerInterceptor implements ServerInterceptor {
    private static final Set<String> FOR_EVERYBODY = Set.of(
            FederationGrpc.getEnrolMethod().getFullMethodName(),
            FederationGrpc.getNowMethod().getFullMethodName());

    private static final Set<String> READING = Set.of(
            OperatorGrpc.getGetStatusMethod().getFullMethodName(),
            OperatorGrpc.getWatchStatusMethod().getFullMethodName(),
            OperatorGrpc.getListRunsMethod().getFullMethodName(),
            OperatorGrpc.getListQueueMethod().getFullMethodName());

    private final CertificateVerifier verifier;
    private final SiteRegistry registry;
    private final RefusalLog refusals;

    PeerInterceptor(CertificateVerifier verifier, SiteRegistry registry, RefusalLog refusals) {
        this.verifier = verifier;
        this.registry = registry;
        this.refusals = refusals;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        if (FOR_EVERYBODY.contains(method)) {
            return next.startCall(call, headers);
        }
        try {
            X509Certificate certificate = certificate(call);
            CertificateName name = verifier.verify(
                    certificate, permission(call.getMethodDescriptor()).roles(), Purpose.TLS);
            Peer peer = name.role() == Role.SITE
                    ? new Peer(
                            name.name(),
                            certificate,
                            enrolled(name, certificate).signingCertificate())
                    : new Peer(name.name(), certificate, certificate);
            ServerCall.Listener<Q> listener =
                    Contexts.interceptCall(Context.current().withValue(Peer.KEY, peer), call, headers, next);
            return name.role() == Role.SITE ? new SiteLines<>(listener, peer.name()) : listener;
        } catch (CertificateRefusedException | NotEnrolledException e) {
            return refuse(call, String.valueOf(e.getMessage()));
        }
    }

    private static Permission permission(MethodDescriptor<?, ?> method) {
        if (READING.contains(method.getFullMethodName())) {
            return Permission.READ_RUNS;
        }
        return OperatorGrpc.SERVICE_NAME.equals(method.getServiceName()) ? Permission.RUN : Permission.TAKE_PART;
    }

    /**
     * Whose certificate it is, for who may read the log: those whose role
     * may, a site with a certificate of its latest enrolment.
     *
     * @throws LogServer.NotAMemberException if it is nobody's
     */
    CertificateName member(X509Certificate certificate) throws LogServer.NotAMemberException {
        try {
            CertificateName name = verifier.verify(certificate, Permission.READ_LOG.roles(), Purpose.TLS);
            if (name.role() == Role.SITE) {
                var unused = enrolled(name, certificate);
            }
            return name;
        } catch (CertificateRefusedException | NotEnrolledException e) {
            throw new LogServer.NotAMemberException(String.valueOf(e.getMessage()));
        }
    }

    private <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, String reason) {
        refusals.refused(Actions.CONNECTION_REFUSED, address(call), reason);
        call.close(Status.UNAUTHENTICATED.withDescription(reason), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    /** Without the port, which differs on every connection. */
    private static String address(ServerCall<?, ?> call) {
        return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof java.net.InetSocketAddress address
                ? address.getHostString()
                : "unknown address";
    }

    private static final class NotEnrolledException extends Exception {
        private static final long serialVersionUID = 1L;

        NotEnrolledException(String what) {
            super(what);
        }
    }

    private static X509Certificate certificate(ServerCall<?, ?> call) throws NotEnrolledException {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        try {
            Certificate[] chain = session == null ? new Certificate[0] : session.getPeerCertificates();
            if (chain.length > 0 && chain[0] instanceof X509Certificate leaf) {
                return leaf;
            }
        } catch (SSLPeerUnverifiedException e) {
            // no client certificate: refused below
        }
        throw new NotEnrolledException("no client certificate was shown; enrol the site first");
    }

    private EnrolledSite enrolled(CertificateName name, X509Certificate certificate) throws NotEnrolledException {
        Optional<EnrolledSite> site = registry.site(name.name());
        if (site.isEmpty()) {
            throw new NotEnrolledException("site '" + name.name() + "' is not enrolled here; enrol it again");
        }
        if (!site.get().mayShow(certificate)) {
            throw new NotEnrolledException("the certificate of site '" + name.name()
                    + "' was replaced by a newer enrolment; use the newer one");
        }
        return site.get();
    }
}
