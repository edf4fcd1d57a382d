package io.densespark.data;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the images of a data set are labelled. */
public enum LabelKind {
    /** Each image is of one class. */
    @JsonProperty("class")
    CLASS,
    /** Of each class it is told that an image shows it, that it doesn't, or neither. */
    @JsonProperty("multi")
    MULTI
}
