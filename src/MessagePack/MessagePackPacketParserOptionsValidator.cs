using Microsoft.Extensions.Options;

namespace OrleansRooms.MessagePack;

/// <summary>Finds what does not add up in the parser's options.</summary>
internal sealed class MessagePackPacketParserOptionsValidator : IValidateOptions<MessagePackPacketParserOptions>
{
    public ValidateOptionsResult Validate(string? name, MessagePackPacketParserOptions options)
    {
        List<string> mistakes = [];
        if (options.MaxAttachments < 1)
        {
            mistakes.Add($"{nameof(options.MaxAttachments)} of the MessagePack parser is {options.MaxAttachments}; set it to 1 or more.");
        }

        if (options.MaxDepth < 1)
        {
            mistakes.Add($"{nameof(options.MaxDepth)} of the MessagePack parser is {options.MaxDepth}; set it to 1 or more.");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}
