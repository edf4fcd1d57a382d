/**
 * Users' own images: sources of records, an encoded image or its path with what is told of it, as a Spark Dataset. Listing
 * and reading happen in Spark's tasks; the driver sees folders of classes, columns and names of classes only.
 *
 * <p>Entered by the command line, which opens a source, and by {@code prepare}, which makes shards of it.
 */
package io.densespark.data.records;
