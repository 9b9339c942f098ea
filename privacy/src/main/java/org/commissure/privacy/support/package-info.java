/**
 * What a person sends who asks for help: facts of an installation in one file, without keys, passwords, patients or
 * anything that was computed from their data.
 */
@NullMarked
package org.commissure.privacy.support;

import org.jspecify.annotations.NullMarked;
