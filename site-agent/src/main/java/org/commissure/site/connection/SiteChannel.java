package org.commissure.site.connection;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.commissure.privacy.identity.IdentityKeyManager;
import org.commissure.privacy.identity.TlsIdentity;

/** The outbound channel to the coordinator; nothing ever listens at the hospital. */
public final class SiteChannel {
    /** Ample for 255 sites: a share delivery has 34 bytes a pair, a configuration a certificate a site. */
    private static final int MAXIMUM_MESSAGE_BYTES = 16 << 20;

    private SiteChannel() {}

    /**
     * Mutual TLS.
     *
     * @param coordinator accepts a certificate of the federation's coordinator, and no site's
     */
    public static ManagedChannel open(CoordinatorAddress address, TlsIdentity identity, TrustManager coordinator)
            throws SSLException {
        SslContextBuilder context = SslContextBuilder.forClient()
                .keyManager(new IdentityKeyManager(identity))
                .trustManager(coordinator)
                .protocols("TLSv1.3");
        // OpenSSL wants the key's bytes; a token does not give them.
        boolean inToken = identity.key().getEncoded() == null;
        return channel(
                address,
                (inToken ? GrpcSslContexts.configure(context, SslProvider.JDK) : GrpcSslContexts.configure(context))
                        .build());
    }

    /** Server-authenticated TLS for enrolment, when there is no certificate yet. */
    public static ManagedChannel forEnrolment(CoordinatorAddress address, TrustManager pinned) throws SSLException {
        return channel(
                address,
                GrpcSslContexts.forClient()
                        .trustManager(pinned)
                        .protocols("TLSv1.3")
                        .build());
    }

    private static ManagedChannel channel(CoordinatorAddress address, SslContext tls) {
        return NettyChannelBuilder.forAddress(address.host(), address.port())
                .sslContext(tls)
                .proxyDetector(ProxyFromEnvironment.ofProcess())
                .maxInboundMessageSize(MAXIMUM_MESSAGE_BYTES)
                // A firewall that drops idle connections silently is noticed within a minute.
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(20, TimeUnit.SECONDS)
                .build();
    }
}
