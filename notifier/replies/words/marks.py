"""Signs around the words: codes, blanks between all signs, seams where a mark was left out."""

import re
from re import compile as pattern

CODE_LEAD = pattern(r"是|(?:回复|答复|回|编号|编码|代码|code|#)[:是为 #]{0,3}$", re.IGNORECASE)
SPACED = pattern(r"[\u4e00-\u9fff](?: +[\u4e00-\u9fff])+[.!~]*")
# Where people go on without a mark: 收到了我马上喊人, 水退了没得事了.
SEAM = pattern(
    r"(?<=[了啦啊哈呢咯哒])(?=(?:我们?|俺们?)?(?:马上|立即|立刻|正在|已|这就|尽快|现在"
    r"|明天|下午|晚上|等会)|我[去来]|没得(?!$)|没啥|没什么|无(?!法)|是不是.|能不能|请问"
    r"|放心|莫|别催|让|由(?!于)|推[到迟]|但|可是|不过)"
    r"|(?<=收到)(?=已|马上|立即|正在|我们?(?:马上|立即|正在|这就)|这就|推[到迟]|由|转|尽快"
    r"|明白|照办|好的|谢谢|感谢|辛苦|放心|但|可是|不过)"
)
