mod pre_tokenizers;
mod regex;
