/** What a person configures. Strict TOML into records: an unknown key is an error that names the nearest known one. */
@NullMarked
package org.commissure.protocol.config;

import org.jspecify.annotations.NullMarked;
