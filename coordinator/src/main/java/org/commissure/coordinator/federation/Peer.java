package org.commissure.coordinator.federation;

import io.grpc.Context;
import java.security.cert.X509Certificate;
import java.util.Objects;

/**
 * Who is calling, from its verified certificate.
 *
 * @param tlsCertificate that this connection was opened with
 * @param signingCertificate a site's enrolled signing certificate; a person's own TLS certificate
 */
record Peer(String name, X509Certificate tlsCertificate, X509Certificate signingCertificate) {
    static final Context.Key<Peer> KEY = Context.key("peer");

    /** The caller of the present gRPC call. */
    static Peer current() {
        return Objects.requireNonNull(KEY.get(), "a call that no certificate was checked for");
    }
}
