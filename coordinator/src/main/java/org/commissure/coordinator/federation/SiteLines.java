package org.commissure.coordinator.federation;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ServerCall;
import org.commissure.protocol.logging.LogContext;

/**
 * Lets every line that is logged for a site's call bear the site's name. The threads are made for one call and die with its
 * turn, so nothing is taken back.
 */
final class SiteLines<Q> extends SimpleForwardingServerCallListener<Q> {
    private final String site;

    SiteLines(ServerCall.Listener<Q> call, String site) {
        super(call);
        this.site = site;
    }

    @Override
    public void onMessage(Q message) {
        LogContext.turnTo(site);
        super.onMessage(message);
    }

    @Override
    public void onHalfClose() {
        LogContext.turnTo(site);
        super.onHalfClose();
    }

    @Override
    public void onCancel() {
        LogContext.turnTo(site);
        super.onCancel();
    }

    @Override
    public void onComplete() {
        LogContext.turnTo(site);
        super.onComplete();
    }

    @Override
    public void onReady() {
        LogContext.turnTo(site);
        super.onReady();
    }
}
