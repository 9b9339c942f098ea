/**
 * Sign-in through an OpenID provider of the operator's choice: OpenID Connect Core 1.0's authorization code flow with PKCE
 * (RFC 7636, S256). The protocol's messages, signatures and claims are read and checked by the Nimbus OAuth 2.0 SDK; here is
 * whom we trust, what we send, and who may come in.
 */
@NullMarked
package org.commissure.coordinator.console.oidc;

import org.jspecify.annotations.NullMarked;
