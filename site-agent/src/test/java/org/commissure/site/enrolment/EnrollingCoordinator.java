package org.commissure.site.enrolment;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import org.commissure.privacy.identity.EnrolledCertificates;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.protocol.v1.EnrolRequest;
import org.commissure.protocol.v1.EnrolResponse;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.protocol.v1.NowRequest;
import org.commissure.protocol.v1.NowResponse;

/** The part of a coordinator that a site enrols at. */
class EnrollingCoordinator extends FederationGrpc.FederationImplBase {
    private final FederationAuthority authority;
    private final byte[] token;

    /** @param token which it accepts, as often as it is shown */
    EnrollingCoordinator(FederationAuthority authority, byte[] token) {
        this.authority = authority;
        this.token = token;
    }

    @Override
    public void now(NowRequest request, StreamObserver<NowResponse> out) {
        out.onNext(NowResponse.newBuilder()
                .setCoordinatorTimeUnixMs(System.currentTimeMillis())
                .build());
        out.onCompleted();
    }

    @Override
    public void enrol(EnrolRequest request, StreamObserver<EnrolResponse> out) {
        if (!request.getToken().equals(ByteString.copyFrom(token))) {
            out.onError(Status.PERMISSION_DENIED
                    .withDescription("the token is wrong, used or expired")
                    .asRuntimeException());
            return;
        }
        try {
            EnrolledCertificates issued = authority.enrol(
                    "NYU",
                    request.getTlsRequest().toByteArray(),
                    request.getSigningRequest().toByteArray());
            out.onNext(EnrolResponse.newBuilder()
                    .setFederationId("fed")
                    .setAuthorityCertificate(
                            ByteString.copyFrom(authority.certificate().getEncoded()))
                    .setTlsCertificate(ByteString.copyFrom(issued.tls().getEncoded()))
                    .setSigningCertificate(ByteString.copyFrom(issued.signing().getEncoded()))
                    .setCoordinatorSigningCertificate(ByteString.copyFrom(authority
                            .issueSigning(Role.COORDINATOR, "coordinator")
                            .certificate()
                            .getEncoded()))
                    .setLogVerifierKey(ByteString.copyFromUtf8("log+00000000+key"))
                    .build());
            out.onCompleted();
        } catch (Exception e) {
            out.onError(Status.INTERNAL.withCause(e).asRuntimeException());
        }
    }
}
