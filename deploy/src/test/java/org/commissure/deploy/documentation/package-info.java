/** What the pages say. */
@org.jspecify.annotations.NullMarked
package org.commissure.deploy.documentation;
