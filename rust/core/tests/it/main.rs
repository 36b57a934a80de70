mod pre_tokenizers;
mod regex;
mod scan;
