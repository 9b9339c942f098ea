/**
 * The coordinator as its peers see it: gRPC services over mutual TLS, enrolment, control streams,
 * uploads, downloads, and the operator's calls. A peer's name comes from its certificate only.
 */
@NullMarked
package org.commissure.coordinator.federation;

import org.jspecify.annotations.NullMarked;
