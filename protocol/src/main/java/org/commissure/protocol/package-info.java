/** What coordinator and sites agree on: messages, study files, their canonical form. */
@NullMarked
package org.commissure.protocol;

import org.jspecify.annotations.NullMarked;
