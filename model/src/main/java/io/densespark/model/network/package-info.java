/** What a DenseNet is: its specification, its parameters by name and place. Pure values; everybody may enter. */
package io.densespark.model.network;
